{
  "target_defaults": {
    "include_dirs": ["<!(node -p \"require('node-addon-api').include_dir\")"],
    "defines": ["NAPI_VERSION=8", "NODE_ADDON_API_DISABLE_DEPRECATED"],
    "cflags!": ["-fno-strict-aliasing"],
    "cflags_cc!": ["-std=gnu++17", "-std=gnu++20", "-fno-exceptions", "-fno-rtti"],
    "cflags_cc": ["-std=c++17", "-O3", "-fexceptions", "-Wall", "-Wextra", "-Wno-cast-function-type"]
  },
  "conditions": [
    ["target_arch=='x64'", {
      "targets": [
        {
          "target_name": "scan",
          "sources": ["scan.cc"],
          "cflags_cc": ["-mavx512f", "-mavx512vpopcntdq", "-mbmi"]
        }
      ]
    }],
    ["faiss=='yes'", {
      "targets": [
        {
          "target_name": "faiss",
          "sources": ["faiss.cc"],
          "cflags_cc": ["-fopenmp", "-Wno-unused-parameter"],
          "libraries": ["-lfaiss", "-lblas", "-llapack", "-fopenmp"]
        }
      ]
    }]
  ]
}
