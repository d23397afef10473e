{
  # `yes` for what is built here and runs elsewhere, see prebuild.js.
  "variables": { "self_contained%": "no" },
  "target_defaults": {
    "include_dirs": ["."],
    "cflags!": ["-fno-strict-aliasing"],
    "cflags_cc!": ["-std=gnu++17", "-std=gnu++20", "-fno-exceptions", "-fno-rtti"],
    "cflags_cc": [
      "-std=c++17",
      "-O3",
      "-fexceptions",
      # A fused multiply-add rounds once where the PDQ reference rounds twice.
      "-ffp-contract=off",
      "-fvisibility=hidden",
      "-Wall",
      "-Wextra",
      "-Wno-cast-function-type"
    ],
    "xcode_settings": {
      "CLANG_CXX_LANGUAGE_STANDARD": "c++17",
      "GCC_ENABLE_CPP_EXCEPTIONS": "YES",
      "OTHER_CPLUSPLUSFLAGS": ["-O3", "-ffp-contract=off", "-fvisibility=hidden"]
    }
  },
  "targets": [
    {
      "target_name": "hindra",
      "sources": [
        "addon.cc",
        "arguments.cc",
        "features/align.cc",
        "features/bend.cc",
        "features/binding-answers.cc",
        "features/binding.cc",
        "features/blocks.cc",
        "features/brightness.cc",
        "features/chroma.cc",
        "features/colours.cc",
        "features/corners.cc",
        "features/describe.cc",
        "features/differing.cc",
        "features/insets.cc",
        "features/repeats.cc",
        "features/features.cc",
        "features/known.cc",
        "features/parallax.cc",
        "features/plane.cc",
        "features/seen.cc",
        "features/shared-ground.cc",
        "features/sketch.cc",
        "features/tally.cc",
        "features/texture-code.cc",
        "features/verify.cc",
        "features/visible.cc",
        "features/votes.cc",
        "guarded.cc",
        "hamming/bands.cc",
        "hamming/binding.cc",
        "hamming/compare.cc",
        "hamming/delta.cc",
        "hamming/hits.cc",
        "hamming/index.cc",
        "hamming/maintenance.cc",
        "hamming/plan.cc",
        "hamming/probes.cc",
        "hamming/region.cc",
        "hamming/registry.cc",
        "hamming/rows.cc",
        "hamming/search.cc",
        "hamming/state.cc",
        "hamming/stream.cc",
        "jpeg/binding.cc",
        "jpeg/dc.cc",
        "jpeg/extent.cc",
        "jpeg/file.cc",
        "jpeg/headers.cc",
        "jpeg/huffman.cc",
        "jpeg/segments.cc",
        "jpeg/shrunk.cc",
        "kernels/choose.cc",
        "kernels/hamming-scalar.cc",
        "kernels/jpeg-scalar.cc",
        "kernels/pdq-scalar.cc",
        "kernels/plane-scalar.cc",
        "pdq/binding.cc",
        "pdq/bits.cc",
        "pdq/blockhash.cc",
        "pdq/pdq.cc",
        "pdq/row-sums.cc",
        "pdq/shares.cc",
        "pdq/shrunk-grid.cc",
        "pdq/sparse-grid.cc",
        "pdq/squares.cc"
      ],
      # Each compiled for its own instructions, see kernels/instructions.h.
      "conditions": [
        ["target_arch=='x64'", {
          "sources": [
            "kernels/hamming-avx2.cc",
            "kernels/hamming-avx512.cc",
            "kernels/jpeg-avx2.cc",
            "kernels/jpeg-avx512.cc",
            "kernels/pdq-avx2.cc",
            "kernels/pdq-avx512.cc",
            "kernels/plane-avx2.cc",
            "kernels/plane-avx512.cc"
          ]
        }],
        ["target_arch=='arm64'", {
          "sources": ["kernels/hamming-neon.cc", "kernels/pdq-neon.cc", "kernels/plane-neon.cc"]
        }],
        ["self_contained=='yes'", {
          "sources": ["older-glibc.cc"],
          "ldflags": [
            "-static-libstdc++",
            "-static-libgcc",
            # Its own libstdc++ is nobody else's, and it takes nobody else's.
            "-Wl,--exclude-libs,ALL",
            "-Wl,-Bsymbolic",
            "-s"
          ]
        }]
      ],
      "include_dirs": ["<!(node -p \"require('node-addon-api').include_dir\")"],
      "defines": [
        "NAPI_VERSION=8",
        "NODE_ADDON_API_DISABLE_DEPRECATED",
        # In a thread that is being terminated nothing can be thrown: else the process would abort.
        "NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS"
      ]
    }
  ]
}
