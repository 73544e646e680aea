"""pkg_archive_test.py: archives: what `x07 pkg pack` makes, byte for byte, and what is never unpacked."""
import hashlib
import json
import os
import shutil
import tarfile
import unittest

import hostile_archives
import packages
from pkg_tool import PkgTest


class Hostile(PkgTest):
    def only(self, data):
        """Makes this the archive of the only version, and forgets what was fetched before."""
        shutil.rmtree(self.registry.path('index/ac'), ignore_errors=True)
        shutil.rmtree(os.path.join(self.app, '.x07'), ignore_errors=True)
        self.registry.publish('acme-bad', data=data)

    def test_all_refused(self):
        outside = os.path.join(self.folder, 'outside', 'made-by-archive')
        os.mkdir(os.path.dirname(outside))
        self.set_project(dependencies=[
            {'name': 'acme-bad', 'version': '1.0.0', 'path': '.x07/deps/acme-bad/1.0.0'}])
        for what, code, data in hostile_archives.rows(outside):
            with self.subTest(archive=what):
                self.only(data)
                message = self.pkg('lock', '--index', self.registry.url, code=2)
                self.assertTrue(message.startswith('[%s] unpack "acme-bad"@"1.0.0": ' % code), message)
                self.assertEqual(message.count('\n'), 1, message)
                self.assertEqual(self.installed(), [])
                self.assertEqual(os.listdir(os.path.dirname(outside)), [])
        self.only(None)
        self.pkg('lock', '--index', self.registry.url)
        self.assertEqual(self.installed(), ['acme-bad@1.0.0'])

    def test_bad_packages(self):
        """Archives that are good, of packages that are not."""
        files = packages.files_of('acme-bad', '1.0.0')
        good = json.loads(files['x07-package.json'])
        self.pkg('add', 'acme-bad@1.0.0')
        for change, message in (({'modules': ['../x']}, "module id must not contain '/'"), ({'module_root': '/etc'}, 'must be a '
                                'relative path'), ({'module_root': 'a/..'}, "must not contain '..'"),
                                ({'name': 'acme-other'}, 'identity mismatch'), ({'modules': ['no.such']}, 'read module')):
            with self.subTest(change=change):
                self.only(packages.archive({**files, 'x07-package.json': json.dumps({**good, **change})}))
                self.assertIn(message, self.pkg('lock', '--index', self.registry.url, code=2))


class Pack(PkgTest):
    def setUp(self):
        super().setUp()
        self.long = 'acme.' + 'long' * 24 + '.' + 'name' * 8
        files = packages.files_of('acme-str', '1.0.0', ['acme.x', 'acme.x.y', self.long])
        files.update({'ffi/b/c.c': 'int c;\n', 'ffi/a.h': '', 'tests/tests.json': '{}', 'README': 'not packed'})
        for name, content in files.items():
            os.makedirs(os.path.dirname(os.path.join(self.app, 'str', name)), exist_ok=True)
            self.write(content, 'app/str/' + name)

    def test_bytes(self):
        result = self.pkg('pack', '--package', 'str', '--out', 'made/str.x07pkg')['result']
        data = self.read('made/str.x07pkg')
        self.assertEqual(result, {'package_dir': self.app + '/str', 'out': 'made/str.x07pkg', 'bytes': len(data),
                                  'sha256': hashlib.sha256(data).hexdigest()})
        expected = b''
        for path in ('ffi/a.h', 'ffi/b/c.c', 'modules/%s.x07.json' % self.long.replace('.', '/'),
                     'modules/acme/x.x07.json', 'modules/acme/x/y.x07.json', 'x07-package.json'):
            if len(path) > 100:
                expected += self.header('././@LongLink', len(path) + 1, b'L') + self.padded(path.encode() + b'\0')
            content = self.read('str/' + path)
            expected += self.header(path, len(content), b'0') + self.padded(content)
        self.assertEqual(data, expected + bytes(1024))
        with tarfile.open(os.path.join(self.app, 'made/str.x07pkg')) as tar:
            self.assertEqual(len(tar.getnames()), 6)
        os.utime(os.path.join(self.app, 'str', 'x07-package.json'), (1, 1))
        os.chmod(os.path.join(self.app, 'str', 'ffi', 'a.h'), 0o600)
        self.pkg('pack', '--package', 'str', '--out', 'again.x07pkg')
        self.assertEqual(self.read('again.x07pkg'), data)
        self.registry.publish('acme-str', data=data)
        self.pkg('add', 'acme-str', '--sync', '--index', self.registry.url)
        with open(os.path.join(self.app, '.x07/deps/acme-str/1.0.0/ffi/b/c.c'), 'rb') as file:
            self.assertEqual(file.read(), b'int c;\n')

    @staticmethod
    def header(name, size, kind):
        """As the format is documented, field by field."""
        head = bytearray(512)
        for at, value in ((0, name.encode()[:100]), (100, b'0000644'), (108, b'0000000'), (116, b'0000000'),
                          (124, b'%011o' % size), (136, b'0' * 11), (148, b' ' * 8), (156, kind), (257, b'ustar  ')):
            head[at:at + len(value)] = value
        head[148:156] = b'%07o\0' % sum(head)
        return bytes(head)

    @staticmethod
    def padded(data):
        return data + bytes(-len(data) % 512)

    def test_refused(self):
        self.assertEqual(self.pkg('pack', '--package', 'str', code=2), 'pkg pack: missing --out <PATH>\n')
        self.assertIn('load package manifest in nowhere: read package: nowhere/x07-package.json: ',
                      self.pkg('pack', '--package', 'nowhere', '--out', 'x', code=2))
        os.symlink('a.h', os.path.join(self.app, 'str', 'ffi', 'link.h'))
        self.assertIn('unsupported ffi entry type: %s/str/ffi/link.h' % self.app,
                      self.pkg('pack', '--package', 'str', '--out', 'x', code=2))
        os.remove(os.path.join(self.app, 'str', 'modules', 'acme', 'x.x07.json'))
        os.remove(os.path.join(self.app, 'str', 'ffi', 'link.h'))
        self.assertIn('read module "acme.x": ', self.pkg('pack', '--package', 'str', '--out', 'x', code=2))


if __name__ == '__main__':
    unittest.main()
