// The runner of all tests of the core. It needs no Python; under the sanitizers, leaks are
// failures.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>
