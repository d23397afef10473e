// Which instructions each kernel set is made of, in the one place where they are named: its files are
// compiled for them, and choose.cc asks the processor for each before it takes the set.
#pragma once

// The features of a set, each by `of`, with `between` between them.
#define AVX2_INSTRUCTIONS(of, between)                                                    \
  of("avx2") between of("fma") between of("popcnt") between of("bmi") between of("bmi2") \
      between of("lzcnt")
#define AVX512_INSTRUCTIONS(of, between)                                             \
  AVX2_INSTRUCTIONS(of, between) between of("avx512f") between of("avx512bw") between \
      of("avx512vl") between of("avx512dq")
// Processors before Ice Lake have AVX-512 but count bits no faster with it.
#define AVX512_COUNTING_INSTRUCTIONS(of, between) \
  AVX512_INSTRUCTIONS(of, between) between of("avx512vpopcntdq") between of("avx512bitalg")

// Nor do they look up single bytes.
#define AVX512_PERMUTING_INSTRUCTIONS(of, between) AVX512_INSTRUCTIONS(of, between) between of("avx512vbmi")

#define HINDRA_AS_IT_IS(feature) feature
#define HINDRA_TEXT(...) #__VA_ARGS__
#define HINDRA_PRAGMA(...) _Pragma(HINDRA_TEXT(__VA_ARGS__))

// What stands between the two is compiled for these instructions. Headers of others are included before:
// what they define is shared with code that runs everywhere.
#if defined(__clang__)
#define BEGIN_COMPILED_FOR(instructions)                                                   \
  HINDRA_PRAGMA(clang attribute push(                                                      \
      __attribute__((target(instructions(HINDRA_AS_IT_IS, ",")))), apply_to = function))
#define END_COMPILED_FOR HINDRA_PRAGMA(clang attribute pop)
#else
#define BEGIN_COMPILED_FOR(instructions) \
  HINDRA_PRAGMA(GCC push_options)        \
  HINDRA_PRAGMA(GCC target(instructions(HINDRA_AS_IT_IS, ",")))
#define END_COMPILED_FOR HINDRA_PRAGMA(GCC pop_options)
#endif
