"""small_machine_test.py: x07-confine on a machine of its own, booted in QEMU: control groups of version 2, which a host
that keeps its controllers in version 1 cannot try, and user namespaces forbidden by the kernel's own setting."""
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

INIT = os.environ['X07_SMALL_MACHINE']
HELPER = os.path.join(os.environ['X07_PLUGINS'], 'x07-confine')
QEMU = shutil.which('qemu-system-x86_64')
KERNELS = [os.environ['X07_VM_KERNEL']] if 'X07_VM_KERNEL' in os.environ else sorted(glob.glob('/boot/vmlinuz-*cloud*'))
# As a kernel needs it that boots while both processors are held by others.
COMMAND_LINE = ('console=ttyS0 quiet panic=-1 reboot=t tsc_early_khz=1000000 no_timer_check lpj=1000000 '
                'clocksource=jiffies')
KILLED = 9


def archive(files):
    """A cpio archive of executables."""
    out = b''
    for number, (name, data) in enumerate([*files, ('TRAILER!!!', b'')], 1):
        fields = (number, 0o100755, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name) + 1, 0)
        out += b'070701' + b''.join(b'%08X' % field for field in fields) + name.encode() + b'\0'
        out += b'\0' * (-len(out) % 4) + data
        out += b'\0' * (-len(out) % 4)
    return out


def read(path):
    with open(path, 'rb') as file:
        return file.read()


def boot():
    """What the machine wrote to its console."""
    with tempfile.NamedTemporaryFile(prefix='x07-small-machine-') as image:
        image.write(archive([('init', read(INIT)), ('x07-confine', read(HELPER))]))
        image.flush()
        done = subprocess.run([QEMU, '-M', 'microvm,acpi=off,pit=on,pic=on,rtc=on', '-accel', 'tcg', '-m', '256',
                               '-nodefaults', '-no-user-config', '-nographic', '-serial', 'stdio', '-no-reboot',
                               '-kernel', KERNELS[-1], '-initrd', image.name, '-append', COMMAND_LINE],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=240, check=False)
    return done.stdout.replace('\r', '') + done.stderr


class SmallMachine(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.console = boot()
        cls.runs = {name: re.findall('^    (.*)$', text, re.M)
                    for name, text in re.findall(r'^run (\S+)\n((?:(?!run |done).*\n)*)', cls.console, re.M)}

    def check(self, name, ended, *lines):
        run = self.runs.get(name, [])
        self.assertEqual(run[:1], ['ended %d %d' % ended], self.console)
        for line in lines:
            self.assertIn(line, run)
        self.assertEqual([line for line in run if line.startswith('left ')], [])

    def test_groups_of_version_2(self):
        self.assertIn('done\n', self.console)
        for user in 'root', 'user':
            for what, ended in (('nothing', (0, 0)), ('processes', (1, 0)), ('memory', (-1, KILLED))):
                with self.subTest(user=user, what=what):
                    self.check(user + '-' + what, ended, 'layer cgroup-pids', 'layer cgroup-memory', 'running')

    def test_user_namespaces_are_forbidden(self):
        self.check('root-alone', (0, 0), 'lack user-namespace No space left on device', 'running')
        self.check('user-alone', (125, 0))
        self.assertRegex(self.runs['user-alone'][-1],
                         '^error E_SANDBOX_OS_NAMESPACES .*No space left on device; they are needed to start processes')


if __name__ == '__main__':
    if not QEMU or not KERNELS:
        print('there is no QEMU or no kernel image here')
        sys.exit(77)
    unittest.main()
