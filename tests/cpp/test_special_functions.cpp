// The numbers of the tables are mpmath's, computed with 60 digits and rounded to a double.
#include "core/special_functions.hpp"

#include <cstdlib>
#include <numbers>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "graph_fixture.hpp"

namespace autograd::test {

namespace {

struct Point {
  double x;
  double expected;
};

}  // namespace

TEST_CASE("polygamma: values that are known in closed form") {
  using std::numbers::egamma;
  using std::numbers::ln2;
  using std::numbers::pi;
  constexpr double zeta_3 = 1.2020569031595942;  // Apery's constant, DLMF 25.6
  CHECK(is_relatively_near(polygamma_of(0, 1.0), -egamma, 2e-15));
  CHECK(is_relatively_near(polygamma_of(0, 0.5), -egamma - 2.0 * ln2, 2e-15));  // DLMF 5.4.13
  CHECK(is_relatively_near(polygamma_of(0, 2.0), 1.0 - egamma, 2e-15));
  CHECK(is_relatively_near(polygamma_of(1, 1.0), pi * pi / 6.0, 2e-15));
  CHECK(is_relatively_near(polygamma_of(1, 0.5), pi * pi / 2.0, 2e-15));
  CHECK(is_relatively_near(polygamma_of(2, 1.0), -2.0 * zeta_3, 2e-15));
  CHECK(is_relatively_near(polygamma_of(3, 1.0), std::pow(pi, 4) / 15.0, 2e-15));
  CHECK(is_relatively_near(polygamma_of(3, 0.5), std::pow(pi, 4), 2e-15));
}

TEST_CASE("polygamma: orders, large arguments, negative arguments") {
  struct Case {
    int order;
    double x;
    double expected;
  };
  const std::vector<Case> cases{
      // clang-format off
      {0, 0.001, -1000.5755719318103}, {0, 0.1, -10.423754940411076},
      {0, 0.5, -1.9635100260214235}, {0, 1.0, -0.5772156649015329}, {0, 1.5, 0.03648997397857652},
      {0, 2.0, 0.42278433509846713}, {0, 4.75, 1.4492040552784629}, {0, 10.0, 2.251752589066721},
      {0, 33.3, 3.490467238520243}, {0, 1000.0, 6.907255195648812},
      {0, 100000000.0, 18.420680738952367}, {0, -0.5, 0.03648997397857652},
      {0, -0.1, 9.245073050052948}, {0, -1.25, 3.714139120213528}, {0, -2.75, -1.959055264977997},
      {0, -7.5, 2.08009081757942}, {0, -20.3, 5.317549924239749}, {0, -100.25, 7.754238959208646},
      {0, -0.001, 999.4211381978913}, {1, 0.001, 1000001.6425331958}, {1, 0.1, 101.43329915079275},
      {1, 0.5, 4.934802200544679}, {1, 1.0, 1.6449340668482264}, {1, 1.5, 0.9348022005446793},
      {1, 2.0, 0.6449340668482264}, {1, 4.75, 0.23422874157914197}, {1, 10.0, 0.10516633568168575},
      {1, 33.3, 0.030485444095338887}, {1, 1000.0, 0.0010005001666666333},
      {1, 100000000.0, 1.000000005e-08}, {1, -0.5, 8.934802200544679},
      {1, -0.1, 101.92253995947719}, {1, -1.25, 19.181879647671607},
      {1, -2.75, 19.433868949488463}, {1, -7.5, 9.744766282170433}, {1, -20.3, 15.03134603262623},
      {1, -100.25, 19.729283325349364}, {1, -0.001, 1000001.6473414317},
      {2, 0.001, -2000000002.3976321}, {2, 0.1, -2001.8614573783436}, {2, 0.5, -16.82879664423432},
      {2, 1.0, -2.4041138063191885}, {2, 1.5, -0.82879664423432}, {2, 2.0, -0.4041138063191886},
      {2, 4.75, -0.05462041258997334}, {2, 10.0, -0.011049834970802067},
      {2, 33.3, -0.0009292903678115173}, {2, 1000.0, -1.0010004999998333e-06},
      {2, 100000000.0, -1.00000001e-16}, {2, -0.5, -0.82879664423432},
      {2, -0.1, 1996.798202956205}, {2, -1.25, 123.72136678366236},
      {2, -2.75, -124.11765305971518}, {2, -7.5, -0.015564511795903924},
      {2, -20.3, 68.8352336578373}, {2, -100.25, 124.0250082069177},
      {2, -0.001, 1999999997.5893795}, {3, 0.001, 6000000000006.469}, {3, 0.1, 60004.51287679026},
      {3, 0.5, 97.40909103400244}, {3, 1.0, 6.493939402266829}, {3, 1.5, 1.4090910340024372},
      {3, 2.0, 0.49393940226682914}, {3, 4.75, 0.02536452000465377},
      {3, 10.0, 0.0023199013042898686}, {3, 33.3, 5.6650890622924356e-05},
      {3, 1000.0, 2.003001999999e-09}, {3, 100000000.0, 2.0000000300000002e-24},
      {3, -0.5, 193.40909103400244}, {3, -0.1, 60009.739014093764}, {3, -1.25, 1558.2209125348506},
      {3, -2.75, 1558.4897512832936}, {3, -7.5, 194.8143059276446}, {3, -20.3, 769.0206923407153},
      {3, -100.25, 1558.5454545884686}, {3, -0.001, 6000000000006.519},
      {5, 0.001, 1.1999999999999998e20}, {5, 0.1, 120000069.30751093}, {5, 0.5, 7691.113548602436},
      {5, 1.0, 122.0811674381339}, {5, 1.5, 11.113548602435497}, {5, 2.0, 2.081167438133897},
      {5, 4.75, 0.0162071797300799}, {5, 10.0, 0.0003059451621172682},
      {5, 33.3, 6.314484416248641e-07}, {5, 1000.0, 2.4060059999944e-14},
      {5, 100000000.0, 2.4000000600000005e-39}, {5, -0.5, 15371.113548602436},
      {5, -0.1, 120000228.60140008}, {5, -1.25, 492230.21062287455}, {5, -2.75, 492231.2077521004},
      {5, -7.5, 15382.226378735899}, {5, -20.3, 165660.17444721743},
      {5, -100.25, 492231.26711055357}, {5, -0.001, 1.1999999999999998e20}, {7, 0.001, 5.04e27},
      {7, 0.1, 504000002365.19116}, {7, 0.5, 1290440.218185598}, {7, 1.0, 5060.54987523764},
      {7, 1.5, 200.21818559806496}, {7, 2.0, 20.54987523763947}, {7, 4.75, 0.02549054337131964},
      {7, 10.0, 0.00010051111598689363}, {7, 33.3, 1.759036878718347e-08},
      {7, 1000.0, 7.2252335999496e-19}, {7, -0.5, 2580680.218185598}, {7, -0.1, 504000011739.0062},
      {7, -1.25, 330352687.7181861}, {7, -2.75, 330352695.7011441}, {7, -7.5, 2580880.436039903},
      {7, -20.3, 76905684.33321284}, {7, -100.25, 330352695.8555131}, {7, -0.001, 5.04e27},
      {10, 0.001, -3.628799999999999e39}, {10, 0.1, -3.628800000012727e17},
      {10, 0.5, -7431824508.858769}, {10, 1.0, -3630593.311606629}, {10, 1.5, -42108.85876897549},
      {10, 2.0, -1793.311606628713}, {10, 4.75, -0.15020100244195117},
      {10, 10.0, -5.7675966863222595e-05}, {10, 33.3, -2.50713814290547e-10},
      {10, 1000.0, -3.646977263913514e-25}, {10, -0.5, -42108.85876897549},
      {10, -0.1, 3.6287999998843296e17}, {10, -1.25, 15220204740174.338},
      {10, -2.75, -15220204740670.25}, {10, -7.5, -0.00031534172813904273},
      {10, -20.3, 2048284893018.4944}, {10, -100.25, 15220204740668.342},
      {10, -0.001, 3.628799999999999e39}, {50, 2.5, -1.542177794502834e44},
      {100, 3.0, -6.036106975938185e109}, {150, 10.0, -5.713387167139042e111},
      {0, -1e-10, 9999999999.422785}, {0, -1e-20, 1e20}, {1, -1e-09, 9.999999999999999e17},
      {2, -3.0000001, 2.0000000098194733e21}, {0, -1000.5, 6.908754820898672},
      {1, -1000.25, 19.738209551699786},
      // clang-format on
  };
  for (const Case& known : cases) {
    CAPTURE(known.order);
    CAPTURE(known.x);
    CAPTURE(known.expected);
    const double found = polygamma_of(known.order, known.x);
    CAPTURE(found);
    // Relative, but for digamma near its zeros.
    const bool near = is_relatively_near(found, known.expected, 1e-13) ||
                      (known.order == 0 && is_near(found, known.expected, 1e-14));
    CHECK(near);
  }
}

TEST_CASE("polygamma: the recurrence, DLMF 5.15.5") {
  for (int order = 0; order <= 10; ++order) {
    const double sign = order % 2 == 0 ? 1.0 : -1.0;
    for (const double x : {-3.7, -0.6, 0.3, 1.0, 7.9, 60.0}) {
      CAPTURE(order);
      CAPTURE(x);
      const double step = sign * std::tgamma(order + 1.0) / std::pow(x, order + 1);
      const double before = polygamma_of(order, x);
      const double scale = std::max(std::abs(step), std::abs(before));
      CHECK(std::abs(polygamma_of(order, x + 1.0) - before - step) <= 1e-13 * scale);
    }
  }
}

TEST_CASE("polygamma: the reflection, DLMF 5.5.4 and 5.15.6") {
  using std::numbers::pi;
  for (const double x : {-5.3, -0.9, 0.1, 0.25, 0.4, 3.3}) {
    CAPTURE(x);
    const double tangent = std::tan(pi * x);
    CHECK(is_near(polygamma_of(0, 1.0 - x) - polygamma_of(0, x), pi / tangent, 1e-12));
    const double sine = std::sin(pi * x);
    CHECK(is_near(polygamma_of(1, 1.0 - x) + polygamma_of(1, x), pi * pi / (sine * sine), 1e-12));
  }
}

TEST_CASE("polygamma: poles, infinities, orders that are none") {
  for (const double pole : {0.0, -0.0, -1.0, -2.0, -1e10, -infinity}) {
    CAPTURE(pole);
    CHECK(std::isnan(polygamma_of(0, pole)));
    CHECK(std::isnan(polygamma_of(3, pole)));
  }
  CHECK(polygamma_of(0, infinity) == infinity);
  CHECK(polygamma_of(1, infinity) == 0.0);
  CHECK(std::isnan(polygamma_of(0, nan)));
  for (const double order : {-1.0, 0.5, 151.0, 1e10, infinity, nan})
    CHECK(std::isnan(polygamma_of(order, 2.0)));
}

TEST_CASE("log_gamma: values, and the same at each pole") {
  const std::vector<Point> cases{
      {1e-300, 690.7755278982137}, {0.5, 0.5723649429247001},   {3.0, 0.6931471805599453},
      {10.5, 13.940625219403763},  {1000.0, 5905.220423209181}, {10000000000.0, 220258509288.81058},
      {-0.5, 1.2655121234846454},  {-1.5, 0.860047015376481},   {-2.5, -0.056243716497674054},
      {-3.7, -1.3797399049658245},
  };
  for (const Point& known : cases) {
    CAPTURE(known.x);
    CHECK(is_near(log_gamma(known.x), known.expected, 1e-15));
  }
  CHECK(log_gamma(1.0) == 0.0);
  CHECK(log_gamma(2.0) == 0.0);
  for (const double pole : {0.0, -1.0, -2.0, -100.0}) CHECK(log_gamma(pole) == infinity);
  CHECK(log_gamma(infinity) == infinity);
  CHECK(std::isnan(log_gamma(nan)));
}

TEST_CASE("logistic: values, tails, and its symmetry") {
  const std::vector<Point> cases{
      {-745.0, 5e-324},
      {-700.0, 9.85967654375977e-305},
      {-40.0, 4.248354255291589e-18},
      {-3.0, 0.04742587317756678},
      {-1.0, 0.2689414213699951},
      {-1e-10, 0.499999999975},
      {0.0, 0.5},
      {1e-10, 0.500000000025},
      {0.5, 0.6224593312018546},
      {3.0, 0.9525741268224333},
      {36.0, 0.9999999999999998},
      {40.0, 1.0},
  };
  for (const Point& known : cases) {
    CAPTURE(known.x);
    CHECK(is_relatively_near(logistic(known.x), known.expected, 4e-16));
    CHECK(is_near(logistic(known.x) + logistic(-known.x), 1.0, 3e-16));
  }
  CHECK(logistic(1000.0) == 1.0);
  CHECK(logistic(-1000.0) == 0.0);
  CHECK(logistic(infinity) == 1.0);
  CHECK(logistic(-infinity) == 0.0);
  CHECK(std::isnan(logistic(nan)));
}

TEST_CASE("log_one_plus_exp: values and tails") {
  const std::vector<Point> cases{
      {-745.0, 5e-324},
      {-700.0, 9.85967654375977e-305},
      {-40.0, 4.248354255291589e-18},
      {-3.0, 0.04858735157374206},
      {-1.0, 0.3132616875182228},
      {0.0, 0.6931471805599453},
      {0.5, 0.9740769841801067},
      {3.0, 3.048587351573742},
      {36.0, 36.0},
      {40.0, 40.0},
      {700.0, 700.0},
  };
  for (const Point& known : cases) {
    CAPTURE(known.x);
    CHECK(is_relatively_near(log_one_plus_exp(known.x), known.expected, 4e-16));
  }
  CHECK(log_one_plus_exp(1e308) == 1e308);
  CHECK(log_one_plus_exp(-1e308) == 0.0);
  CHECK(log_one_plus_exp(infinity) == infinity);
  CHECK(log_one_plus_exp(-infinity) == 0.0);
  CHECK(std::isnan(log_one_plus_exp(nan)));
}

TEST_CASE("normal_cdf: values, and a lower tail that keeps its digits") {
  const std::vector<Point> cases{
      {-38.0, 2.88542835e-316},
      {-30.0, 4.906713927148187e-198},
      {-10.0, 7.619853024160525e-24},
      {-5.0, 2.866515718791939e-07},
      {-1.0, 0.15865525393145705},
      {-1e-10, 0.49999999996010575},
      {0.0, 0.5},
      {0.5, 0.6914624612740131},
      {1.0, 0.8413447460685429},
      {5.0, 0.9999997133484281},
      {8.0, 0.9999999999999993},
  };
  for (const Point& known : cases) {
    CAPTURE(known.x);
    // An error of half an ulp in x / sqrt(2) is one of x**2 half ulps in the tail.
    const double tolerance = 4e-16 * std::max(1.0, known.x * known.x);
    CHECK(std::abs(normal_cdf(known.x) - known.expected) <= tolerance * known.expected + smallest);
  }
  CHECK(normal_cdf(1000.0) == 1.0);
  CHECK(normal_cdf(-1000.0) == 0.0);
  CHECK(normal_cdf(infinity) == 1.0);
  CHECK(normal_cdf(-infinity) == 0.0);
  CHECK(std::isnan(normal_cdf(nan)));
}

TEST_CASE("power_of: the corner cases of C's pow, C11 F.10.4.4") {
  struct Case {
    double x;
    double y;
    double expected;
  };
  const std::vector<Case> cases{
      {0.0, 0.0, 1.0},
      {-0.0, 0.0, 1.0},
      {nan, 0.0, 1.0},
      {1.0, nan, 1.0},
      {nan, 1.0, nan},
      {2.0, nan, nan},
      {0.0, 1.0, 0.0},
      {-0.0, 1.0, -0.0},
      {-0.0, 2.0, 0.0},
      {-0.0, 3.0, -0.0},
      {0.0, -1.0, infinity},
      {-0.0, -1.0, -infinity},
      {0.0, -2.0, infinity},
      {-0.0, -3.0, -infinity},
      {0.0, -0.5, infinity},
      {-8.0, 3.0, -512.0},
      {-8.0, -1.0, -0.125},
      {-8.0, 0.5, nan},
      {-8.0, 1.0 / 3.0, nan},
      {-1.0, infinity, 1.0},
      {0.5, infinity, 0.0},
      {0.5, -infinity, infinity},
      {2.0, infinity, infinity},
      {-infinity, 3.0, -infinity},
      {-infinity, 2.0, infinity},
      {-infinity, -1.0, -0.0},
      {infinity, -1.0, 0.0},
      {1e200, 2.0, infinity},
      {1e200, 3.0, infinity},
      {-1e200, 3.0, -infinity},
      {1e-200, 2.0, 0.0},
      {-1e-200, 3.0, -0.0},
      {2.0, 0.5, std::numbers::sqrt2},
      {2.0, -1074.0, smallest},
      {9.0, 0.5, 3.0},
      {2.0, 10.0, 1024.0},
  };
  for (const Case& corner : cases) {
    CAPTURE(corner.x);
    CAPTURE(corner.y);
    CHECK(same_bits(power_of(corner.x, corner.y), corner.expected));
  }
}

TEST_CASE("power_of: quick exponents are within three ulps of pow, and have its corner cases") {
  for (const double y : quick_exponents) {
    CAPTURE(y);
    const bool is_whole = y == std::floor(y);
    for (double x = is_whole ? -5.0 : 0.03; x < 5.0; x += 0.0137)
      CHECK(is_relatively_near(power_of(x, y), std::pow(x, y), 6e-16));
    for (const double x : {0.0, -0.0, 1.0, -1.0, infinity, -infinity, nan, -2.0, 1e300, 1e-300}) {
      CAPTURE(x);
      const double expected = std::pow(x, y);
      CHECK((std::isfinite(expected) && expected != 0.0
                 ? is_relatively_near(power_of(x, y), expected, 6e-16)
                 : same_bits(power_of(x, y), expected)));
    }
  }
}

TEST_CASE("larger_of and smaller_of: nan if one of them is") {
  CHECK(larger_of(1.0, 2.0) == 2.0);
  CHECK(larger_of(2.0, 1.0) == 2.0);
  CHECK(smaller_of(1.0, 2.0) == 1.0);
  CHECK(smaller_of(2.0, 1.0) == 1.0);
  CHECK(larger_of(-infinity, infinity) == infinity);
  CHECK(smaller_of(-infinity, infinity) == -infinity);
  CHECK(std::isnan(larger_of(nan, 1.0)));
  CHECK(std::isnan(larger_of(1.0, nan)));
  CHECK(std::isnan(smaller_of(nan, 1.0)));
  CHECK(std::isnan(smaller_of(1.0, nan)));
}

TEST_CASE("text_of: as Python's repr") {
  struct Case {
    double number;
    const char* text;
  };
  const std::vector<Case> cases{
      // clang-format off
      {0.0, "0.0"}, {-0.0, "-0.0"}, {1.0, "1.0"}, {-1.0, "-1.0"}, {2.5, "2.5"}, {0.1, "0.1"},
      {0.3333333333333333, "0.3333333333333333"}, {0.6666666666666666, "0.6666666666666666"},
      {100.0, "100.0"}, {100000.0, "100000.0"}, {123456.789, "123456.789"},
      {1000000000000000.0, "1000000000000000.0"}, {9999999999999998.0, "9999999999999998.0"},
      {1e+16, "1e+16"}, {1.2345678901234568e+16, "1.2345678901234568e+16"},
      {1.2345678901234568e+17, "1.2345678901234568e+17"}, {1e+17, "1e+17"}, {1e+22, "1e+22"},
      {1e+23, "1e+23"}, {1.7976931348623157e+308, "1.7976931348623157e+308"}, {5e-324, "5e-324"},
      {2.2250738585072014e-308, "2.2250738585072014e-308"}, {0.0001, "0.0001"},
      {0.00012345, "0.00012345"}, {9.999e-05, "9.999e-05"}, {1e-05, "1e-05"}, {1e-07, "1e-07"},
      {1.5e+300, "1.5e+300"}, {-1.5e-300, "-1.5e-300"}, {9007199254740992.0, "9007199254740992.0"},
      {0.30000000000000004, "0.30000000000000004"}, {4.35, "4.35"},
      {1.4142135623730951, "1.4142135623730951"},
      // clang-format on
  };
  for (const Case& known : cases) CHECK(text_of(known.number) == std::string(known.text));
  CHECK(text_of(infinity) == "inf");
  CHECK(text_of(-infinity) == "-inf");
  CHECK(text_of(nan) == "nan");
  CHECK(text_of(-nan) == "nan");
}

TEST_CASE("text_of: reads back as the same double") {
  std::mt19937_64 bits(1);
  for (int i = 0; i < 20'000; ++i) {
    const auto number = std::bit_cast<double>(bits());
    if (!std::isfinite(number)) continue;
    REQUIRE(same_bits(std::strtod(text_of(number).c_str(), nullptr), number));
  }
}

}  // namespace autograd::test
