"""assets_test.py: `x07 assets embed-dir`: which files it takes, the module that it makes, and how it says no."""
import base64
import json
import os
import subprocess
import unittest

import jsonschema

from tool import ToolTest, document

SPEC = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'spec', 'x07-assets.embed-dir.report.schema.json')
FILES = {'index.html': b'<p>\n', 'css/a.css': b'', 'css/deep/b.css': b'b', 'img/x.bin': bytes(range(256)),
         'img/\u00e9.txt': b'e', '.git/config': b'', 'node_modules/m/i.js': b'', 'a/dist/o.js': b'', 'a-b': b'1'}


class Assets(ToolTest):
    def setUp(self):
        super().setUp()
        for name, content in FILES.items():
            os.makedirs(os.path.dirname(os.path.join(self.folder, 'web', name)), exist_ok=True)
            self.write(content, 'web/' + name)
        os.symlink('index.html', os.path.join(self.folder, 'web', 'link'))
        with open(SPEC, encoding='utf-8') as file:
            self.schema = json.load(file)

    def embed(self, *arguments, code=0, source='web', module='app.assets'):
        done = subprocess.run([self.binary, 'assets', 'embed-dir', '--in', source, '--module-id', module, '--out',
                               'app/assets.x07.json', *arguments], cwd=self.folder, env=self.environment(),
                              capture_output=True, timeout=60)
        self.assertEqual(done.returncode, code, done)
        if code == 2:
            return done.stderr.decode()
        report = json.loads(done.stdout)
        jsonschema.validate(report, self.schema)
        self.assertEqual(report['ok'], code == 0)
        return report

    def files(self, *arguments):
        return self.embed(*arguments)['files']

    def test_which_files(self):
        self.assertEqual(self.files(), ['a-b', 'css/a.css', 'css/deep/b.css', 'img/x.bin', 'img/\u00e9.txt',
                                        'index.html'])
        for arguments, expected in (
                (['*.css'], ['css/a.css', 'css/deep/b.css']), (['css/?.css'], ['css/a.css']),
                (['**/a.css', '**/index.html'], ['css/a.css', 'index.html']), (['css/**'], ['css/a.css', 'css/deep/b.css']),
                (['css/**/b.css', 'img/[!x].*'], ['css/deep/b.css', 'img/\u00e9.txt']),
                (['{css,img}/{a,x}.*'], ['css/a.css', 'img/x.bin']), (['[a-c]*/[a-z].{css,txt}'], ['css/a.css', 'css/deep/b.css']),
                (['**/{deep/,}b.css'], ['css/deep/b.css'])):
            with self.subTest(include=arguments):
                self.assertEqual(self.files(*('--glob-include=' + each for each in arguments)), expected)
        self.assertEqual(self.files('--glob-exclude', '{css,img,a,node_modules,.git}/**'), ['a-b', 'index.html'])
        self.assertEqual(self.files('--glob-include', 'web/a-b', '--strip-prefix', '.'), ['web/a-b'])

    def test_refused(self):
        for arguments, message in (
                (('--glob-include', '[a'), 'compile --glob-include: invalid glob: "[a": unclosed character class; missing \']\''),
                (('--glob-exclude', '{a'), 'compile --glob-exclude: invalid glob: "{a": unclosed alternate group; missing \'}\''),
                (('--glob-include', '{a,b}' * 20), 'too many alternatives'),
                (('--glob-include', 'nothing'), 'no files matched'),
                (('--strip-prefix', 'app'), 'strip prefix ')):
            self.assertIn(message, self.embed(*arguments, code=20)['error']['message'])
        self.assertEqual(self.embed(code=20, source='web/a-b')['error']['message'], '--in is not a directory: web/a-b')
        self.assertIn('parse generated x07ast: ', self.embed(code=20, module='a b')['error']['message'])
        self.assertFalse(os.path.exists(os.path.join(self.folder, 'app')))
        self.embed('--no-such', code=2)

    def test_module(self):
        """A program reads the files back."""
        self.embed()
        self.embed()
        check = subprocess.run([self.binary, 'fmt', '--check', 'app/assets.x07.json'], cwd=self.folder,
                               env=self.environment(), capture_output=True, timeout=60)
        self.assertEqual(check.returncode, 0, check)
        found = ['bytes.concat', ['bytes.lit', '='], ['option_bytes.unwrap_or', ['app.assets.get_b64_v1', 'input'],
                                                      ['bytes.lit', 'none']]]
        program = document(['bytes.concat', ['app.assets.paths_text_v1'], found], imports=['app.assets'])
        paths = 'a-b\ncss/a.css\ncss/deep/b.css\nimg/x.bin\nimg/\u00e9.txt\nindex.html='
        for path, expected in (('img/x.bin', base64.b64encode(FILES['img/x.bin']).decode()), ('css/a.css', ''),
                               ('img', 'none')):
            answer = self.run_program(program, '--module-root', self.folder, '--input-b64',
                                      base64.b64encode(path.encode()).decode())
            self.assertEqual(answer.exit, 0, answer)
            output = base64.b64decode(answer.report['solve']['solve_output_b64']).decode()
            self.assertEqual(output, paths + expected)


if __name__ == '__main__':
    unittest.main()
