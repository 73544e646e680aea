"""pkg_http_test.py: `x07 pkg` against a real HTTP server that goes wrong: nothing is half installed, the project is as it
was, and a second try on a good server succeeds."""
import hashlib
import json
import os
import shutil
import signal
import subprocess
import unittest

import packages
from pkg_server import Server
from pkg_tool import PkgTest

MISMATCH = 'download sha256 mismatch for acme-app@1.0.0: expected '


class HttpTest(PkgTest):
    def setUp(self):
        super().setUp()
        self.server = Server(self.registry.folder)
        self.addCleanup(self.server.close)
        # Large enough to be cut in the middle.
        self.registry.publish('acme-app', modules=['acme.app%d' % n for n in range(9)], requires=['acme-a@1.0.0'])
        self.registry.publish('acme-a')

    def environment(self, **extra):
        env = super().environment(**extra)
        for name in list(env):
            if name.lower().endswith('_proxy'):
                del env[name]
        return env

    def add(self, fault='good', code=0, **keywords):
        arguments = ('add', 'acme-app@1.0.0', '--sync', '--index', self.server.index(fault))
        return self.refused(*arguments, **keywords) if code == 20 else self.pkg(*arguments, code=code, **keywords)

    def forget(self):
        shutil.rmtree(os.path.join(self.app, '.x07'), ignore_errors=True)
        if os.path.exists(self.app + '/x07.lock.json'):
            os.remove(self.app + '/x07.lock.json')
        self.set_project()

    def archive(self):
        with open(self.registry.path('dl/acme-app/1.0.0/download'), 'rb') as file:
            return file.read()

    def part(self, data=None):
        """The file that an archive grows in."""
        path = os.path.join(self.app, '.x07/cache/sha256', hashlib.sha256(self.archive()).hexdigest() + '.part')
        if data is not None:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            self.write(data, path)
        return path

    def second_try(self):
        """On the good server all is well."""
        self.assertEqual(self.installed(), [])
        self.assertEqual(self.add()['result']['lock']['fetched'][0]['sha256'],
                         hashlib.sha256(self.archive()).hexdigest())
        self.assertEqual(self.dependencies(), ['acme-a@1.0.0', 'acme-app@1.0.0'])
        self.assertEqual(self.installed(), self.dependencies())
        self.assertFalse(os.path.exists(self.part()))
        self.forget()

    def test_faults(self):
        download = 'download "acme-app"@"1.0.0": '
        url = '%s/dl/acme-app/1.0.0/download: '
        for fault, code, message in (
                ('short', 'X07PKG_DOWNLOAD_FAILED', download + MISMATCH),
                ('missing', 'X07PKG_DOWNLOAD_FAILED', url + 'the server answered with status 404'),
                ('broken', 'X07PKG_DOWNLOAD_FAILED', url + 'the server answered with status 500'),
                ('gone', 'X07PKG_DOWNLOAD_FAILED', url),
                ('half', 'X07PKG_DOWNLOAD_FAILED', url),
                ('circle', 'X07PKG_DOWNLOAD_FAILED', url),
                ('tofile', 'X07PKG_DOWNLOAD_FAILED', url),
                ('noconfig', 'X07PKG_INDEX_CONFIG', 'fetch index config.json: http GET '),
                ('html', 'X07PKG_INDEX_CONFIG', 'expected value at line 1 column 1'),
                ('local', 'X07PKG_INDEX_CONFIG', 'the dl url of an index that is no file must not be one'),
                ('huge', 'X07PKG_INDEX_CONFIG', 'larger than the limit of 1048576 bytes'),
                ('noindex', 'X07PKG_INDEX_FETCH', 'fetch index entries for "acme-app": http GET '),
                ('badindex', 'X07PKG_INDEX_FETCH', 'parse ndjson line 1: {')):
            with self.subTest(fault=fault):
                self.registry.write('huge', b' ' * (2 << 20))
                seen = self.add(fault, 20)
                self.assertEqual(seen[0], code, seen)
                self.assertIn(message.replace('%s', self.server.base(fault)), seen[1])
                self.second_try()

    def test_wrong_digest(self):
        self.registry.write('index/ac/me/acme-app', b'')
        self.registry.publish('acme-app', cksum='0' * 64)
        self.assertIn('expected ' + '0' * 64, self.add('good', 20)[1])
        self.assertEqual(self.installed(), [])
        self.registry.write('index/ac/me/acme-app', b'')
        self.registry.publish('acme-app', requires=['acme-a@1.0.0'])
        self.second_try()

    def test_slow_and_moved(self):
        for fault in ('slow', 'moved', 'elsewhere'):
            self.add(fault)
            self.forget()

    def test_stalled(self):
        code, message = self.add('stalled', 20, X07_PKG_TIMEOUT_SECONDS='1')
        self.assertEqual(code, 'X07PKG_DOWNLOAD_FAILED', message)
        self.second_try()

    def test_continued(self):
        """A download that breaks off is taken up where it stopped, at once or by the next command."""
        self.add('cut')
        ranges = [headers.get('Range') for _, path, headers, _ in self.server.requests if '/acme-app/' in path]
        self.assertEqual(ranges, [None, 'bytes=%d-' % (len(self.archive()) // 2)])
        self.forget()
        self.add('half', 20)
        self.assertEqual(os.path.getsize(self.part()), len(self.archive()) // 2)
        self.second_try()
        for beginning in (b'something else', b'x' * (len(self.archive()) + 1), self.archive()):
            self.part(beginning)
            self.second_try()

    def test_interrupted(self):
        for number in (signal.SIGINT, signal.SIGKILL):
            before = self.state()
            self.server.behind.stalled.clear()
            running = subprocess.Popen(
                [self.binary, 'pkg', 'add', 'acme-app', '--sync', '--index', self.server.index('stalled')],
                cwd=self.app, env=self.environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            self.assertTrue(self.server.behind.stalled.wait(60))
            running.send_signal(number)
            self.assertEqual(running.wait(timeout=60), -number)
            self.assertEqual(self.state(), before)
            os.makedirs(os.path.join(self.app, '.x07/tmp/unpack_1_0/left/behind'))
            self.second_try()

    def test_token(self):
        """It goes to the origin of the index alone."""
        self.pkg('login', '--index', self.server.index('elsewhere'), '--token', 'secret')
        self.pkg('login', '--index', self.server.index('cut'), '--token', 'secret')
        self.add('elsewhere')
        self.forget()
        self.add('cut')
        sent = {path.split('/')[1]: headers.get('Authorization') for _, path, headers, _ in self.server.requests}
        self.assertEqual(sent, {'plain': None, 'cut': 'Bearer secret'})

    def test_publish(self):
        for name, content in packages.files_of('acme-new', '1.0.0').items():
            os.makedirs(os.path.dirname(os.path.join(self.app, 'new', name)), exist_ok=True)
            self.write(content, 'app/new/' + name)
        publish = ('publish', '--package', 'new', '--index', self.server.index())
        behind = self.server.behind
        self.pkg('login', '--index', self.server.index(), '--token', 'secret')
        behind.response = lambda body: json.dumps(
            {'name': 'acme-new', 'cksum': hashlib.sha256(body).hexdigest(), 'index_path': 'ac/me/acme-new'}).encode()
        behind.listed = ['1.0.0']
        result = self.pkg(*publish)['result']
        (method, path, headers, body), detail = self.server.requests
        self.assertEqual((method, path, headers['Authorization'], headers['Content-Type']),
                         ('POST', '/good/api/packages/publish', 'Bearer secret', 'application/octet-stream'))
        self.assertEqual(detail[:2], ('GET', '/good/api/packages/acme-new'))
        self.assertEqual(result, {'index': self.server.index(), 'package_dir': self.app + '/new', 'name': 'acme-new',
                                  'version': '1.0.0', 'cksum': hashlib.sha256(body).hexdigest(),
                                  'index_path': 'ac/me/acme-new'})
        for response, status, code in ((b'{"name": "acme-new", "cksum": "0"}', 200, 'X07PKG_PUBLISH_RESPONSE_MISMATCH'),
                                       (b'<html>', 200, 'X07PKG_PUBLISH_RESPONSE'), (b'', 403, 'X07PKG_PUBLISH_FAILED')):
            behind.response, behind.status = lambda body, response=response: response, status
            self.assertEqual(self.refused(*publish)[0], code)


if __name__ == '__main__':
    unittest.main()
