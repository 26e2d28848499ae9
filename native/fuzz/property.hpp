#pragma once

#include <cstdio>
#include <cstdlib>

/// What must hold for every input; where it does not, the fuzzer keeps the input.
#define HOLDS(condition)                                                                 \
    do {                                                                                 \
        if (!(condition)) {                                                              \
            std::fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #condition); \
            std::abort();                                                                \
        }                                                                                \
    } while (false)
