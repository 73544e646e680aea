"""place.py: a place outside of a sandbox that can be harmed: files, listeners, a host process; and whether it was.
Knows nothing of attempts or backends."""
import atexit
import functools
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time

RUN_JOBS = os.environ['X07_RUN_JOBS']
ATTEMPT = os.environ['X07_ATTEMPT']
PLUGINS = os.environ['X07_PLUGINS']
NOBODY = 65534
TIMEOUT = int(os.environ.get('X07_TEST_TIMEOUT', '120'))


class Listeners:
    """Sockets of every kind; `heard` counts what came through each."""

    def __init__(self, work, outside):
        self.heard = {}
        self.sockets = []
        self.settings = {}
        self.port('TCP4_PORT', socket.AF_INET, socket.SOCK_STREAM, '127.0.0.1')
        self.port('UDP4_PORT', socket.AF_INET, socket.SOCK_DGRAM, '127.0.0.1')
        self.port('GRANTED_PORT', socket.AF_INET, socket.SOCK_STREAM, '127.0.0.1')
        self.port('GRANTED_UDP_PORT', socket.AF_INET, socket.SOCK_DGRAM, '127.0.0.1')
        self.port('PREFIX_PORT', socket.AF_INET, socket.SOCK_STREAM, '0.0.0.0')
        self.port('RANGE_PORT', socket.AF_INET, socket.SOCK_STREAM, '0.0.0.0')
        self.port('GRANTED_V6_PORT', socket.AF_INET6, socket.SOCK_STREAM, '::1')
        self.stuck('STUCK_PORT')
        self.has_v6 = self.port('TCP6_PORT', socket.AF_INET6, socket.SOCK_STREAM, '::1')
        self.abstract('ABSTRACT_SOCKET', socket.SOCK_STREAM)
        self.abstract('ABSTRACT_DATAGRAM', socket.SOCK_DGRAM)
        for path, kind in ((outside + '/socket', socket.SOCK_STREAM), (work + '/in/socket', socket.SOCK_STREAM),
                           (work + '/in/datagrams', socket.SOCK_DGRAM)):
            self.add(path, socket.AF_UNIX, kind, path)
            os.chmod(path, 0o777)

    def port(self, name, family, kind, address):
        try:
            made = self.add(name, family, kind, (address, 0))
        except OSError:
            self.settings[name] = '1'
            return False
        self.settings[name] = str(made.getsockname()[1])
        return True

    def stuck(self, name):
        """A port that takes no more connections, for as long as anybody likes to wait."""
        listener = socket.socket()
        listener.bind(('127.0.0.1', 0))
        listener.listen(0)
        self.sockets.append(listener)
        for _ in range(4):
            filler = socket.socket()
            filler.setblocking(False)
            filler.connect_ex(listener.getsockname())
            self.sockets.append(filler)
        self.settings[name] = str(listener.getsockname()[1])

    def abstract(self, name, kind):
        self.settings[name] = '@x07-test-%d-%s' % (os.getpid(), name)
        self.add(name, socket.AF_UNIX, kind, '\0' + self.settings[name][1:])

    def add(self, name, family, kind, address):
        made = socket.socket(family, kind)
        made.bind(address)
        if kind == socket.SOCK_STREAM:
            made.listen(8)
        self.sockets.append(made)
        self.heard[name] = 0
        threading.Thread(target=self.serve, args=(name, made, kind), daemon=True).start()
        return made

    def serve(self, name, made, kind):
        while True:
            try:
                if kind == socket.SOCK_STREAM:
                    made.accept()[0].close()
                else:
                    data, sender = made.recvfrom(512)
                    if sender:
                        made.sendto(data, sender)
                self.heard[name] += 1
            except OSError:
                return

    def disturbed(self):
        """Those that something came through, but for the ones that a policy may grant."""
        granted = ('GRANTED_', 'PREFIX_', 'RANGE_')
        return {name for name, count in self.heard.items() if count and not name.startswith(granted)}

    def close(self):
        for made in self.sockets:
            try:
                made.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            made.close()


@functools.lru_cache(maxsize=None)
def room_for_machines(user):
    """Where the backend vm keeps its own things: a guest is booted once for all places of a user."""
    room = tempfile.mkdtemp(prefix='x07-machines-')
    atexit.register(shutil.rmtree, room)
    if os.geteuid() == 0:
        os.chown(room, user, user)
    return room


class Place:
    """A directory with what may be reached (work/in, work/out) and what may not, for one user."""

    def __init__(self, user):
        self.user = user
        self.base = os.path.realpath(tempfile.mkdtemp(prefix='x07-escape-'))
        self.work = self.base + '/work'
        self.outside = self.base + '/outside'
        self.scratch = self.base + '/scratch'
        os.chmod(self.base, 0o755)
        self.copy_programs()
        for path in (self.work, self.work + '/in', self.work + '/out', self.outside, self.scratch):
            os.mkdir(path)
        for path in ('secret', 'in/file', 'in/movable', 'in/removable'):
            self.write('work/' + path)
        os.symlink('../secret', self.work + '/in/to-secret')
        os.symlink('../../outside', self.work + '/out/to-outside')
        self.machines = room_for_machines(user)
        self.listeners = Listeners(self.work, self.outside)
        self.segment = self.make_segment()

    def copy_programs(self):
        os.makedirs(self.base + '/plugins')
        for name in os.listdir(PLUGINS):
            if name.startswith('x07-sandbox-') or not name.endswith('.so'):
                shutil.copy2(os.path.join(PLUGINS, name), self.base + '/plugins/' + name)
        shutil.copy2(RUN_JOBS, self.base + '/run_jobs')
        shutil.copy2(ATTEMPT, self.base + '/attempt')

    def write(self, path, text='not to be read\n'):
        with open(os.path.join(self.base, path), 'w') as out:
            out.write(text)

    def make_segment(self):
        """A System V shared memory segment of the host; returns its key, or None where there is no tool."""
        key = 0x07000000 + os.getpid() % 0xffffff
        made = subprocess.run(['perl', '-e', 'exit(defined(shmget(%d, 64, 01000 | 0666)) ? 0 : 1)' % key],
                              stderr=subprocess.DEVNULL, check=False) if shutil.which('perl') else None
        return key if made and made.returncode == 0 else None

    def victim(self, name):
        self.write('outside/victim-' + name)
        return self.outside + '/victim-' + name

    def settings(self, name, host_pid):
        found = {'SECRET': self.work + '/secret', 'OUTSIDE': self.outside, 'VICTIM': self.victim(name),
                 'PROC_ROOT': '/proc/self/root', 'HOST_PID': str(host_pid), 'HOST_NAME': socket.gethostname(),
                 'SHM_KEY': str(self.segment or 0)}
        found.update(self.listeners.settings)
        return found

    def give_away(self):
        """Everything but the programs becomes the user's."""
        if os.geteuid() != 0 or self.user == 0:
            return
        for at, folders, files in os.walk(self.base):
            if at.startswith(self.base + '/plugins'):
                continue
            for name in folders + files:
                if at != self.base or name not in ('run_jobs', 'attempt', 'plugins'):
                    os.lchown(os.path.join(at, name), self.user, self.user)

    def start_host(self):
        """The process that runs jobs, as this place's user; jobs go to its stdin."""
        command = [self.base + '/run_jobs', self.base + '/plugins']
        if os.geteuid() == 0 and self.user != 0:
            command = ['setpriv', '--reuid', str(self.user), '--regid', str(self.user), '--clear-groups'] + command
        env = {'PATH': '/usr/bin:/bin', 'TMPDIR': self.scratch, 'HOME': self.work,
               'X07_TEST_HOLD': self.work + '/secret', 'X07_VM_ACCEL': 'tcg',
               'X07_VM_CACHE_DIR': self.machines + '/cache', 'X07_VM_STATE_DIR': self.machines + '/jobs'}
        for name in ('ASAN_OPTIONS', 'X07_VM_KERNEL', 'X07_VM_MODULES'):
            if name in os.environ:
                env[name] = os.environ[name]
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                cwd=self.work, env=env, text=True)

    def run(self, make_jobs):
        """The answers to the jobs that make_jobs(host_pid) returns."""
        host = self.start_host()
        jobs = make_jobs(host.pid)
        self.give_away()
        try:
            out, err = host.communicate(json.dumps(jobs), timeout=TIMEOUT)
        except subprocess.TimeoutExpired:
            host.kill()
            out, err = host.communicate()
            raise AssertionError('the host hung; it said:\n%s%s' % (out, err))
        answers = [json.loads(line) for line in out.splitlines()]
        if host.returncode != 0 or len(answers) != len(jobs):
            raise AssertionError('the host ended with %d after %d of %d jobs:\n%s' % (
                host.returncode, len(answers), len(jobs), err))
        return answers

    def picture(self):
        """Every file outside of what may be written, with what can be seen of it."""
        seen = {}
        for at, folders, files in os.walk(self.base):
            if at.startswith((self.work + '/out', self.scratch)):
                continue
            for name in folders + files:
                info = os.lstat(os.path.join(at, name))
                if name in ('out', 'scratch'):
                    continue
                seen[os.path.join(at, name)] = (info.st_mode, info.st_size, info.st_nlink, info.st_mtime_ns, info.st_ino)
        return seen

    def processes(self):
        """Processes that run a program of this place."""
        found = []
        for pid in filter(str.isdigit, os.listdir('/proc')):
            try:
                with open('/proc/%s/cmdline' % pid, 'rb') as line:
                    text = line.read().replace(b'\0', b' ').decode('utf-8', 'replace')
            except OSError:
                continue
            if self.base in text or self.machines in text:
                found.append(pid + ' ' + text)
        return found

    def wait_until_empty(self, seconds):
        """Whether all processes were gone by then."""
        end = time.monotonic() + seconds
        while self.processes() and time.monotonic() < end:
            time.sleep(0.02)
        return not self.processes()

    def runs_of_machines(self):
        """What the backend vm notes of runs that go on, or that left something."""
        return os.listdir(self.machines + '/jobs') if os.path.isdir(self.machines + '/jobs') else []

    def close(self):
        for line in self.processes():
            os.kill(int(line.split()[0]), signal.SIGKILL)
        self.listeners.close()
        if self.segment:
            subprocess.run(['ipcrm', '-M', str(self.segment)], check=False, stderr=subprocess.DEVNULL)
        shutil.rmtree(self.base)


def mounts():
    with open('/proc/self/mounts') as table:
        return sorted(table)


def control_groups():
    """Control groups whose makers are gone: theirs are named after them. Others may be running something just now."""
    end = time.monotonic() + 2
    while True:
        left = [os.path.join(at, name) for at, folders, _ in os.walk('/sys/fs/cgroup') for name in folders
                if name.startswith('x07-') and not os.path.exists('/proc/' + name[4:])]
        if not left or time.monotonic() > end:
            return left
        time.sleep(0.05)
