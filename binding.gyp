{
  'targets': [
    {
      # kubectl's Go code as a C archive. One output only: with two the action ran on every build.
      'target_name': 'kube',
      'type': 'none',
      'actions': [
        {
          'action_name': 'go',
          'inputs': [
            'native/build-go.cjs',
            "<!@(node -p \"require('node:fs').globSync('native/go/**/*.{go,mod,sum}').join(' ')\")",
          ],
          'outputs': ['<(PRODUCT_DIR)/libkube.a'],
          'action': ['node', 'native/build-go.cjs', 'archive', '<@(_outputs)'],
          'message': 'go build -buildmode=c-archive',
        },
      ],
    },
    {
      'target_name': 'kubectl_live',
      'dependencies': ['kube'],
      'sources': ['native/addon.cc'],
      'include_dirs': ["<!(node -p \"require('node-addon-api').include_dir\")"],
      # 8 is what all supported versions of Node have; a higher one crashes older ones at load.
      'defines': ['NAPI_VERSION=8', 'NODE_ADDON_API_CPP_EXCEPTIONS'],
      'cflags_cc': ['-std=c++17', '-O2', '-fvisibility=hidden', '-Wall', '-Wextra'],
      'cflags_cc!': ['-fno-exceptions', '-fno-rtti'],
      'libraries': ['<(PRODUCT_DIR)/libkube.a'],
      'conditions': [
        [
          "OS=='linux'",
          {
            'libraries': ['-lpthread', '-ldl'],
            # nodelete: a Go library must never be unloaded. The rest keeps its symbols and ours out of Node's way.
            'ldflags': [
              '-Wl,-z,nodelete',
              '-Wl,-Bsymbolic',
              '-Wl,--exclude-libs,ALL',
              '-Wl,--version-script=<(module_root_dir)/native/exports.map',
              '-s',
            ],
          },
        ],
        [
          "OS=='mac'",
          {
            'libraries': ['-lresolv'],
            'xcode_settings': {
              'GCC_ENABLE_CPP_EXCEPTIONS': 'YES',
              'CLANG_CXX_LANGUAGE_STANDARD': 'c++17',
              'MACOSX_DEPLOYMENT_TARGET': '12.0',
              'OTHER_LDFLAGS': ['-framework CoreFoundation', '-framework Security'],
            },
          },
        ],
      ],
    },
  ],
}
