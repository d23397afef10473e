{
  "targets": [
    {
      "target_name": "reference",
      "sources": ["reference.cc"],
      "include_dirs": ["<!(node -p \"require('node-addon-api').include_dir\")"],
      "defines": [
        "NAPI_VERSION=8",
        "NODE_ADDON_API_DISABLE_DEPRECATED",
        "FLAGS=\"-std=c++17 -O3 -ffp-contract=off\""
      ],
      "cflags!": ["-fno-strict-aliasing"],
      "cflags_cc!": ["-std=gnu++17", "-std=gnu++20", "-fno-exceptions", "-fno-rtti"],
      "cflags_cc": [
        "-std=c++17", "-O3", "-ffp-contract=off", "-fexceptions", "-Wno-cast-function-type"
      ]
    }
  ]
}
