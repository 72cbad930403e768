# What node-gyp expects beside Node's headers. Ours come from the package node-api-headers, which has none: this is the
# part of Node's own that an addon needs, and so nothing is downloaded.
{
  'variables': {
    'configuring_node%': 0,
    'build_v8_with_gn': 'false',
    'enable_lto%': 'false',
    'enable_thin_lto%': 'false',
    'openssl_fips%': '',
  },
  'target_defaults': {
    'default_configuration': 'Release',
    'configurations': {
      'Release': {'defines': ['NDEBUG']},
      'Debug': {},
    },
    'conditions': [
      ["OS=='linux'", {'cflags': ['-fPIC', '-pthread'], 'ldflags': ['-pthread', '-rdynamic']}],
      [
        "OS=='mac'",
        {
          'defines': ['_DARWIN_USE_64_BIT_INODE=1'],
          'xcode_settings': {
            'GCC_SYMBOLS_PRIVATE_EXTERN': 'YES',
            'OTHER_LDFLAGS': ['-undefined dynamic_lookup'],
            'PREBINDING': 'NO',
          },
        },
      ],
    ],
  },
}
