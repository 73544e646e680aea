"""init_test.py: `x07 init`: what it makes is laid out, checked and run; what is in the way; package names; x07-mcp."""
import json
import os
import subprocess
import unittest

import jsonschema

from tool import ToolTest

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'spec',
                       'x07-init.report.schema.json'), encoding='utf-8') as file:
    SCHEMA = json.load(file)

MCP = """#!/bin/sh
echo "$@" > arguments
mkdir src && echo '{"ok": true, "created": ["src"], "next_steps": ["x07 run"]}'
"""


class InitTest(ToolTest):
    def init(self, *arguments, folder='new', path='/usr/bin:/bin', **settings):
        """Exit code and report."""
        cwd = os.path.join(self.folder, folder)
        os.makedirs(cwd, exist_ok=True)
        done = subprocess.run([self.binary, 'init', *arguments], cwd=cwd, env=self.environment(PATH=path, **settings),
                              capture_output=True, timeout=60, stdin=subprocess.DEVNULL)
        report = json.loads(done.stdout)
        jsonschema.validate(report, SCHEMA)
        return done.returncode, report

    def command(self, *arguments, folder='new'):
        done = subprocess.run([self.binary, *arguments], cwd=os.path.join(self.folder, folder), env=self.environment(),
                              capture_output=True, timeout=120, stdin=subprocess.DEVNULL)
        self.assertEqual(done.returncode, 0, (arguments, done.stdout, done.stderr))
        return done.stdout

    def test_project(self):
        code, report = self.init()
        self.assertEqual((code, report['ok']), (0, True), report)
        for path in report['created']:
            self.assertTrue(os.path.exists(os.path.join(self.folder, 'new', path)), path)
        self.command('fmt', '--check', 'src', 'tests')
        self.command('check', '--project', 'x07.json')
        run = json.loads(self.command('run', '--report', 'wrapped', '--input-b64', 'aGk='))
        self.assertEqual(run['report']['solve']['solve_output_b64'], 'aGk=')
        self.assertEqual(run['target']['kind'], 'project')
        before = {path: os.lstat(os.path.join(self.folder, 'new', path)).st_mtime_ns for path in report['created']}
        code, again = self.init()
        self.assertEqual((code, again['error']['code'], again['created']), (20, 'X07INIT_EXISTS', []))
        self.assertIn('x07.json, x07.lock.json, src/app.x07.json', again['error']['message'])
        self.assertEqual(before, {path: os.lstat(os.path.join(self.folder, 'new', path)).st_mtime_ns
                                  for path in report['created']})

    def test_ignore_file_is_completed(self):
        os.mkdir(os.path.join(self.folder, 'new'))
        self.write('mine\r\ntarget/\r\n*.log', 'new/.gitignore')
        _, report = self.init()
        self.assertNotIn('.gitignore', report['created'])
        with open(os.path.join(self.folder, 'new', '.gitignore'), encoding='utf-8', newline='') as file:
            self.assertEqual(file.read(), 'mine\ntarget/\n*.log\n.x07/deps/\n.x07/tmp/\n.x07/policies/_generated/\n'
                                          'dist/\nartifacts/\n.DS_Store\n')

    def test_something_in_the_way(self):
        os.mkdir(os.path.join(self.folder, 'new'))
        self.write('', 'new/src')
        code, report = self.init()
        self.assertEqual((code, report['error']['code']), (20, 'X07INIT_SRC'))
        self.assertEqual(os.listdir(os.path.join(self.folder, 'new')), ['src'])

    def test_package(self):
        code, report = self.init('--package', folder='Ext--Foo.Bar')
        self.assertEqual(code, 0, report)
        self.assertIn('modules/ext/foo_bar/tests.x07.json', report['created'])
        self.command('fmt', '--check', 'modules', folder='Ext--Foo.Bar')
        self.write({'schema_version': 'x07.x07ast@0.5.0', 'kind': 'entry', 'module_id': 'main',
                    'imports': ['ext.foo_bar', 'ext.foo_bar.tests', 'std.test'], 'decls': [],
                    'solve': ['bytes.concat', ['std.test.status_from_result_i32', ['ext.foo_bar.tests.test_hello_v1']],
                              ['ext.foo_bar.hello_v1', 'input']]})
        run = json.loads(self.command('run', '--program', '../main.x07.json', '--module-root', 'modules',
                                      '--input-b64', 'aGk=', folder='Ext--Foo.Bar'))
        self.assertEqual(run['solve']['solve_output_b64'], 'AQAAAABoZWxsbywgaGkK', run)
        for name, package in (('9 lives', 'x07-9-lives'), ('__', 'x07-project')):
            self.init('--package', folder=name)
            with open(os.path.join(self.folder, name, 'x07-package.json'), encoding='utf-8') as file:
                self.assertEqual(json.load(file)['name'], package)

    def test_packages_of_a_template(self):
        package = 'repo/packages/ext/x07-ext-log/0.1.4/'
        os.makedirs(os.path.join(self.folder, package, 'm'))
        self.write({'schema_version': 'x07.package@0.1.0', 'name': 'ext-log', 'version': '0.1.4', 'module_root': 'm',
                    'modules': []}, package + 'x07-package.json')
        setting = {'X07_REPO_ROOT': os.path.join(self.folder, 'repo')}
        code, report = self.init('--template', 'worker', **setting)
        self.assertEqual((code, report['ok']), (0, True), report)
        self.assertEqual(report['created'][-1], '.x07/policies/base/worker.sandbox.base.policy.json')
        self.command('run', '--profile', 'os')
        code, report = self.init('--template', 'fs-tool', folder='b', X07_PKG_INDEX_URL='file:///no/index/', **setting)
        self.assertEqual((code, report['error']['code']), (20, 'X07INIT_PKG_LOCK'))
        self.assertEqual(report['next_steps'][0], 'x07 pkg lock --project x07.json')
        self.assertIn('src/app.x07.json', report['created'])

    def test_made_elsewhere(self):
        code, report = self.init('--template', 'mcp-server')
        self.assertEqual((code, report['error']['code']), (20, 'X07INIT_MCP_MISSING'))
        tool = self.write(MCP, 'x07-mcp')
        os.chmod(tool, 0o755)
        code, report = self.init('--template', 'mcp-server', path=self.folder + ':/usr/bin:/bin')
        self.assertEqual((code, report.get('next_steps')), (0, ['x07 run']), report)
        with open(os.path.join(self.folder, 'new', 'arguments'), encoding='utf-8') as file:
            self.assertIn('scaffold init --template mcp-server --dir . --toolchain-version', file.read())
        code, report = self.init('--template', 'mcp-server', path=self.folder + ':/usr/bin:/bin')
        self.assertEqual((code, report['error']['code']), (20, 'X07INIT_EXISTS'))
        self.write('#!/bin/sh\necho broken; exit 3\n', 'x07-mcp')
        code, report = self.init('--template', 'mcp-server', folder='b', path=self.folder + ':/usr/bin:/bin')
        self.assertEqual(report['error']['message'], 'x07-mcp scaffold init failed (exit=3)\nbroken\n')

    def test_templates_are_not_packages(self):
        code, report = self.init('--package', '--template', 'cli')
        self.assertEqual((code, report['error']['code']), (20, 'X07INIT_ARGS'))


if __name__ == '__main__':
    unittest.main()
