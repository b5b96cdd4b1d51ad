// The few ways in which the core refuses. Each is the user's mistake, and each message reads
// `[operation] what was given - what is needed. What to do.`; our own mistakes are `assert`s.
// Memory that cannot be had is std::bad_alloc. The bindings give each type its Python class.
#pragma once

#include <stdexcept>
#include <string>

namespace autograd {

struct Error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct DomainError : Error {  // the function is not defined there: log(-1)
  using Error::Error;
};

struct RangeError : Error {  // the result is larger than any float: exp(1000)
  using Error::Error;
};

struct DivisionByZero : Error {
  using Error::Error;
};

struct LengthError : Error {  // two sequences that must match do not
  using Error::Error;
};

struct IndexError : Error {  // there is no such element
  using Error::Error;
};

struct StaleValue : Error {  // a leaf was changed between its use and backward
  using Error::Error;
};

struct NoGradient : Error {  // backward from, or to, a value that requires no gradient
  using Error::Error;
};

struct NestedBackward : Error {  // backward called while one runs
  using Error::Error;
};

// The shortest text that reads back as the same double, as Python prints it: "2.0", "1e-05".
std::string text_of(double number);

}  // namespace autograd
