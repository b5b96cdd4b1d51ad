#include "core/pull_array.hpp"

#include "core/contribution.hpp"

namespace autograd {

namespace {

template <std::size_t Index, std::size_t... I>
Term contribution_of(std::size_t argument, const Term& adjoint, std::span<const Term> arguments,
                     const Term& result, std::index_sequence<I...>) {
  Term amount = 0.0;
  const auto pass = [&](auto i) {
    if (argument == i)
      amount = pass_on(adjoint, std::get<i>(entry<Index>.partials)(arguments[I]..., result));
  };
  (pass(std::integral_constant<std::size_t, I>{}), ...);
  return amount;
}

template <std::size_t... Index>
Term choose(std::size_t index, std::size_t argument, const Term& adjoint,
            std::span<const Term> arguments, const Term& result, std::index_sequence<Index...>) {
  Term amount = 0.0;
  static_cast<void>(((index == Index &&
                      (amount = contribution_of<Index>(argument, adjoint, arguments, result,
                                                       std::make_index_sequence<arity_of<Index>>{}),
                       true)) ||
                     ...));
  return amount;
}

}  // namespace

Term elementwise_contribution(std::size_t index, std::size_t argument, const Term& adjoint,
                              std::span<const Term> arguments, const Term& result) {
  return choose(index, argument, adjoint, arguments, result,
                std::make_index_sequence<operation_count>{});
}

}  // namespace autograd
