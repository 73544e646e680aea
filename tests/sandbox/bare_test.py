"""bare_test.py: machines with less. Without namespaces, or without mounts in them, x07-confine holds one process by
Landlock and its filter, says what is missing, and refuses what cannot be held. Without Landlock it says so."""
import os
import subprocess
import time
import unittest

from escape_test import ATTEMPTS, SPAWNS
from place import NOBODY, Place

WITHOUT = os.environ['X07_WITHOUT']
NAMESPACES, MOUNTS, LANDLOCK = 'clone3', 'mount', 'landlock_create_ruleset'
# The attempts that the view or a namespace refuses otherwise; the filter refuses the rest as ever. Not those that find
# out about files elsewhere: the report lists the view as lacking. A signal to everyone reaches nobody, and yet succeeds.
KINDS = ('read-', 'write-', 'rename-', 'exchange', 'link-', 'truncate-', 'chmod-', 'touch-', 'remove-', 'mkdir-', 'list-',
         'make-device', 'open-by-handle', 'connect-', 'send-', 'start-', 'signal-', 'trace-', 'limits-', 'take-', 'lend-',
         'execute-from', 'join-', 'gain-', 'share-')
NOT_HERE = {'signal-everyone', 'read-inherited-descriptor', 'read-descriptor-of-host'}


def attempts():
    return [name for name in ATTEMPTS if '/' not in name and name.startswith(KINDS) and name not in NOT_HERE | SPAWNS]


class Bare:
    user = None

    def setUp(self):
        if os.geteuid() not in (0, self.user):
            self.skipTest('only root can become user %d' % self.user)
        self.place = Place(self.user)
        self.addCleanup(self.place.close)
        self.helper = self.place.base + '/plugins/x07-confine'
        self.place.write('report', '')

    def command(self, calls, *arguments):
        command = [WITHOUT, *calls, '--', self.helper, '--report', self.place.base + '/report', '--read', 'in',
                   '--write', 'out', *arguments]
        if self.user != os.geteuid():
            command = ['setpriv', '--reuid', str(self.user), '--regid', str(self.user), '--clear-groups'] + command
        return command

    def confine(self, calls, *arguments, env=None):
        """How it ended, and its report."""
        open(self.place.base + '/report', 'w').close()
        self.place.give_away()
        done = subprocess.run(self.command(calls, *arguments), cwd=self.place.work, env=dict(env or {}, PATH='/usr/bin:/bin'), timeout=60,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        with open(self.place.base + '/report') as report:
            return done, report.read().splitlines()

    def attempt(self, calls, name, *options):
        env = dict(self.place.settings(name, os.getpid()), AMOUNT_MB='80', SLEEP_S='1')
        return self.confine(calls, *options, '--', self.place.base + '/attempt', name, env=env)

    def check_refused(self, calls, lacks):
        done, lines = self.attempt(calls, 'always')
        if lines[-1].startswith('error E_SANDBOX_OS_NAMESPACES') and 'Landlock' in lines[-1]:
            self.skipTest(lines[-1])
        self.assertEqual((done.returncode, lines[-1]), (0, 'running'), (done, lines))
        self.assertEqual([line.split()[1] for line in lines if line.startswith('lack ')], lacks)
        for name in attempts():
            done, lines = self.attempt(calls, name)
            with self.subTest(attempt=name):
                self.assertIn('running', lines)
                self.assertNotIn(done.returncode, (0, 2, 125), done)

    def test_ends_with_its_guard(self):
        self.place.give_away()
        for calls in ([NAMESPACES], [MOUNTS]):
            process = subprocess.Popen(self.command(calls, '--', self.place.base + '/attempt', 'use-wall-clock'),
                                       cwd=self.place.work, env={'PATH': '/usr/bin:/bin', 'SLEEP_S': '60'})
            end = time.monotonic() + 20
            while len(self.place.processes()) < 3 and process.poll() is None and time.monotonic() < end:
                time.sleep(0.01)
            process.kill()
            process.wait()
            self.assertTrue(self.place.wait_until_empty(5), self.place.processes())

    def test_what_needs_more_is_refused(self):
        connect = ['--connect', 'tcp,127.0.0.1-127.0.0.1,1']
        for calls, options in (([NAMESPACES], ['--spawn']), ([MOUNTS], ['--spawn']), ([NAMESPACES], connect),
                               ([NAMESPACES], ['--tmp', '4096']), ([NAMESPACES, LANDLOCK], []), ([MOUNTS, LANDLOCK], []),
                               ([NAMESPACES], ['--write', '..'])):
            with self.subTest(without=calls, options=options):
                done, lines = self.attempt(calls, 'always', *options)
                self.assertEqual(done.returncode, 125)
                self.assertRegex(lines[-1], '^error E_SANDBOX_OS_NAMESPACES .* they are needed ')
                self.assertNotIn('running', lines)

    def test_without_landlock(self):
        done, lines = self.attempt([LANDLOCK], 'read-absolute')
        self.assertEqual((done.returncode, lines[-1]), (1, 'running'))
        self.assertEqual([line.split()[1] for line in lines if line.startswith('lack ')], ['landlock'])


@unittest.skipIf('X07_ESCAPE_QUICKLY' in os.environ, 'an ordinary user is enough')
class AsRoot(Bare, unittest.TestCase):
    user = 0

    def test_without_namespaces(self):
        self.check_refused([NAMESPACES], ['namespaces', 'mount-view'])


class AsOrdinaryUser(Bare, unittest.TestCase):
    user = NOBODY if os.geteuid() == 0 else os.geteuid()

    def test_without_mounts(self):
        self.check_refused([MOUNTS], ['mount-view'])


if __name__ == '__main__':
    unittest.main()
