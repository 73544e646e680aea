"""os_library_test.py: what programs of OS worlds are linked with: C of packages, and the library of the OS worlds."""
import base64
import os
import unittest

from tool import ToolTest, document

EXTERN = {'kind': 'extern', 'abi': 'C', 'name': 'ext.sum.c_sum', 'link_name': 'ext_sum', 'result': 'i32',
          'params': [{'name': 'p', 'ty': 'ptr_const_u8'}, {'name': 'n', 'ty': 'i32'}]}
MODULE = {'schema_version': 'x07.x07ast@0.3.0', 'kind': 'module', 'module_id': 'ext.sum', 'imports': [], 'decls': [
    {'kind': 'export', 'names': ['ext.sum.of']}, EXTERN,
    {'kind': 'defn', 'name': 'ext.sum.of', 'params': [{'name': 'b', 'ty': 'bytes_view'}], 'result': 'i32',
     'body': ['begin', ['let', 'p', ['view.as_ptr', 'b']], ['let', 'n', ['view.len', 'b']],
              ['unsafe', ['ext.sum.c_sum', 'p', 'n']]]}]}
SUM = '#include "sum.h"\nunsigned ext_sum(const unsigned char *p, unsigned n)\n{\n' \
      '    unsigned s = BIAS;\n    while (n--)\n        s += *p++;\n    return s;\n}\n'


class AutoFfi(ToolTest):
    def package(self, meta, **files):
        for folder in ('pkg/modules/ext', 'pkg/ffi'):
            os.makedirs(os.path.join(self.folder, folder), exist_ok=True)
        self.write({'schema_version': 'x07.package@0.1.0', 'name': 'ext-sum', 'version': '0.1.0',
                    'module_root': 'modules', 'modules': ['ext.sum'], 'meta': meta}, 'pkg/x07-package.json')
        self.write(MODULE, 'pkg/modules/ext/sum.x07.json')
        self.write(document(['codec.write_u32_le', ['ext.sum.of', 'input']], imports=['ext.sum']))
        for name, text in files.items():
            self.write(text, 'pkg/ffi/' + name.replace('_', '.'))

    def run_sum(self, *flags):
        return self.x07('run', '--program', 'main.x07.json', '--module-root', 'pkg/modules', '--input-b64', 'AQID',
                        '--repair', 'off', *flags)

    def output(self, *flags):
        answer = self.run_sum(*flags)
        self.assertEqual(answer.exit, 0, answer)
        return base64.b64decode(answer.report['solve']['solve_output_b64'])

    def test_sources_are_compiled_and_watched(self):
        self.package({'import_mode': 'ffi', 'ffi_libs': ['m', 3]}, sum_c=SUM, sum_h='#define BIAS 10\n')
        self.assertEqual(self.output(), b'\x10\0\0\0')
        self.write('#define BIAS 20\n', 'pkg/ffi/sum.h')
        self.assertEqual(self.output('--auto-ffi'), b'\x1a\0\0\0')
        refused = self.run_sum('--no-auto-ffi')
        self.assertEqual(refused.exit, 1, refused)
        self.assertRegex(refused.compile_error, r'^C toolchain failed \(exit=\d+\)$')

    def test_what_has_nothing_to_link_is_said(self):
        self.package({'import_mode': 'ffi'})
        ffi = os.path.join(self.folder, 'pkg', 'ffi')
        self.assertEqual(self.run_sum().stderr.decode(), 'package "ext-sum" is meta.import_mode=ffi but has no ffi/*.c '
                         'sources: %s\n' % ffi)
        os.rmdir(ffi)
        answer = self.run_sum()
        self.assertEqual((answer.exit, answer.stderr.decode()), (2, 'package "ext-sum" is meta.import_mode=ffi but missing '
                                                                 'ffi directory: %s\n' % ffi))
        self.write('{', 'pkg/x07-package.json')
        self.assertRegex(self.run_sum().stderr.decode(), r'^parse package manifest JSON: \S+/pkg/x07-package.json: ')

    def test_libraries_alone_are_enough(self):
        self.package({'import_mode': 'ffi', 'ffi_libs': ['no-such-library']})
        answer = self.run_sum()
        self.assertEqual(answer.exit, 1, answer)
        self.assertIn(b'-lno-such-library', base64.b64decode(answer.report['compile']['stderr_b64']))


class Library(ToolTest):
    def test_the_current_directory_may_bring_it(self):
        roots = os.path.join(self.folder, 'stdlib', 'os', '0.2.0', 'modules')
        os.makedirs(os.path.join(roots, 'std', 'os'))
        self.write({'schema_version': 'x07.x07ast@0.3.0', 'kind': 'module', 'module_id': 'std.os.env', 'imports': [],
                    'decls': [{'kind': 'export', 'names': ['std.os.env.get']},
                              {'kind': 'defn', 'name': 'std.os.env.get', 'params': [{'name': 'key', 'ty': 'bytes'}],
                               'result': 'bytes', 'body': ['bytes.lit', 'ours']}]},
                   'stdlib/os/0.2.0/modules/std/os/env.x07.json')
        self.write(document(['std.os.env.get', ['bytes.lit', 'KEY']], imports=['std.os.env']))
        command = ('run', '--program', 'main.x07.json', '--repair', 'off')
        for mode, value in ((0o755, b'ours'), (0o777, b'theirs')):  # the latter may be anyone's work
            os.chmod(roots, mode)
            answer = self.x07(*command, env=self.environment(KEY='theirs'))
            self.assertEqual(base64.b64decode(answer.report['solve']['solve_output_b64']), value, answer)

    def test_heads_to_come_are_named(self):
        for head, arguments in (('os.stdio.flush_stdout_v1', []), ('os.rand.u64_v1', [['bytes.empty']])):
            self.write(document(['begin', [head, *arguments], ['bytes.empty']]))
            answer = self.x07('run', '--program', 'main.x07.json', '--repair', 'off')
            self.assertEqual(answer.compile_error,
                             'Unsupported: head is not available in this version yet: "%s" (fn=solve)' % head)


if __name__ == '__main__':
    unittest.main()
