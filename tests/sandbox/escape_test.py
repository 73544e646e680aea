"""escape_test.py BACKEND: programs try to get out of a sandbox backend, as root and as an ordinary user. Each attempt is
also made without a boundary (backend none), where it must succeed: an attempt that fails everywhere proves nothing.
Some by hand: X07_ONLY=NAME,NAME."""
import json
import os
import random
import subprocess
import sys
import time
import unittest

import place
from place import NOBODY, Place

BACKEND = sys.argv[1] if len(sys.argv) > 1 else 'os'

POLICY = {
    'schema_version': 'x07.run-os-policy@0.1.0', 'policy_id': 'escape',
    'limits': {'cpu_ms': 60000, 'wall_ms': 60000, 'mem_bytes': 268435456, 'fds': 64, 'procs': 16},
    'fs': {'enabled': True, 'read_roots': ['in'], 'write_roots': ['out'], 'deny_hidden': False, 'allow_symlinks': True,
           'allow_mkdir': True, 'allow_remove': True, 'allow_rename': True},
    'net': {'enabled': False, 'allow_dns': False, 'allow_tcp': False, 'allow_udp': False, 'allow_hosts': []},
    'env': {'enabled': True, 'allow_keys': [], 'deny_keys': []},
    'time': {'enabled': True, 'allow_monotonic': True, 'allow_wall_clock': True, 'allow_sleep': True,
             'max_sleep_ms': 60000, 'allow_local_tzid': True},
    'process': {'enabled': False, 'allow_spawn': False, 'max_live': 0, 'max_spawns': 0, 'allow_exec': False,
                'allow_exit': True},
}
SPAWNING = dict(POLICY, process={
    'enabled': True, 'allow_spawn': True, 'max_live': 8, 'max_spawns': 8, 'max_runtime_ms': 60000, 'allow_exec': True,
    'allow_exit': True, 'allow_execs': ['/usr/bin/env'], 'allow_exec_prefixes': ['/bin/ech']})

NATIVE = dict(SPAWNING, language={'allow_unsafe': True, 'allow_ffi': True})


def networked(settings, names):
    def granted(host, *ports):
        return {'host': host, 'ports': [int(settings[port]) for port in ports]}

    hosts = [granted('127.0.0.1', 'GRANTED_PORT', 'GRANTED_UDP_PORT', 'STUCK_PORT'),
             granted('::1', 'GRANTED_V6_PORT'), granted('127.0.2.0/24', 'PREFIX_PORT'),
             granted('127.0.3.9-127.0.3.1', 'RANGE_PORT'),
             # All addresses of version 6, and none of version 4 that is written as one of them.
             granted('::/0', 'TCP4_PORT', 'UDP4_PORT'),
             granted('localhost', 'GRANTED_PORT') if names else {'host': 'no-such-name.invalid', 'ports': [1]}]
    return dict(NATIVE, net={'enabled': True, 'allow_dns': names, 'allow_tcp': True, 'allow_udp': True,
                             'allow_hosts': hosts})


ALL, ROOT, NEVER = 'all', 'root', 'never'
# Attempts, and who succeeds with each where there is no boundary. NEVER: it would harm the machine, or means something
# only inside; its being refused is checked all the same.
ATTEMPTS = {
    'read-absolute': ALL, 'read-dotdot': ALL, 'read-given-symlink': ALL, 'read-own-symlink': ALL,
    'read-own-hard-link': ALL, 'read-proc-root': ALL, 'read-proc-cwd': ALL, 'read-root-of-first-process': NEVER,
    'read-root-of-host': ALL, 'read-environment-of-host': ALL, 'read-descriptor-of-host': ALL,
    'read-inherited-descriptor': ALL, 'write-absolute': ALL, 'write-dotdot': ALL, 'write-read-root': ALL,
    'write-read-root-file': ALL, 'write-given-symlink': ALL, 'rename-out': ALL, 'rename-in': ALL, 'exchange': ALL,
    'link-out': ALL, 'truncate-outside': ALL, 'chmod-outside': ALL, 'chmod-read-root': ALL, 'touch-read-root': ALL,
    'remove-outside': ALL, 'remove-in-read-root': ALL, 'mkdir-outside': ALL, 'list-root': ALL, 'list-outside': ALL,
    'list-sys': ALL, 'list-etc': ALL, 'read-passwd': ALL, 'find-outside': ALL, 'enter-outside': ALL,
    'chroot-away': ROOT, 'bind-mount': ROOT, 'remount-writable': NEVER, 'mount-memory': ROOT,
    'open-mount-context': ROOT, 'copy-mount': ROOT, 'open-by-handle': ROOT, 'make-device': ROOT,
    'write-system-setting': ROOT, 'chmod-own-executable': ROOT, 'write-device': ROOT,
    'connect-v4': ALL, 'connect-v6': ALL, 'connect-mapped': ALL, 'connect-fast': ALL, 'ask-name-server': ALL,
    'ask-name-server-v6': ALL, 'listen-v4': ALL, 'connect-abstract': ALL, 'send-abstract': ALL,
    'connect-socket-file': ALL, 'connect-socket-file-in-root': ALL, 'send-from-pair': ALL, 'raw-socket': ROOT,
    'packet-socket': ROOT, 'netlink-socket': ALL, 'machine-socket': NEVER, 'crypto-socket': NEVER,
    'take-descriptor-of-host': ALL,
    'start-by-fork': ALL, 'start-by-clone': ALL, 'start-by-clone3': ALL, 'start-by-vfork': ALL, 'start-thread': ALL,
    'execute-other': ALL, 'execute-by-loader': ALL, 'execute-written': ALL, 'execute-from-memory': ALL,
    'signal-host': ALL, 'signal-host-by-descriptor': ALL, 'signal-parent': ALL, 'signal-everyone': ALL,
    'trace-host': ALL, 'trace-first-process': NEVER, 'trace-parent': ALL, 'read-memory-of-host': ALL,
    'limits-of-host': ALL, 'run-before-others': ROOT, 'become-other': ROOT, 'join-other-groups': ROOT,
    'new-user-namespace': ALL, 'clone-user-namespace': ALL, 'new-mount-namespace': ROOT, 'new-network-namespace': ROOT,
    'join-mounts-of-host': ROOT, 'join-host': ROOT, 'add-key': ALL, 'read-keyring': ALL, 'request-key': ALL,
    'load-bpf': ROOT, 'make-io-uring': NEVER, 'count-events': NEVER, 'catch-page-faults': NEVER, 'set-clock': NEVER,
    'adjust-clock': ROOT, 'read-kernel-log': ROOT, 'reach-ports': NEVER, 'change-segments': ALL,
    'change-personality': ALL, 'call-as-32-bit': NEVER, 'have-capabilities': ALL, 'gain-privileges': ALL,
    'see-host-name': ALL, 'set-host-name': NEVER, 'share-memory-of-host': ALL, 'load-module': NEVER,
    'load-kernel': NEVER, 'watch-everything': ROOT,
    'lend-by-chmod': ALL, 'lend-by-fchmod': ALL, 'lend-to-group': ALL, 'lend-when-made': ALL,
    'lend-when-made-newer': ALL, 'lend-unnamed': ALL, 'lend-by-newest': NEVER, 'lend-by-chmod/spawn': ALL,
    'open-what-first-process-has': NEVER, 'open-what-first-process-has/network': NEVER,
    'read-environment-of-first-process': NEVER, 'type-into-terminal': NEVER, 'speculate': NEVER, 'filter-more': ALL,
    'call-as-x32': NEVER, 'execute-from-memory/spawn': ALL,
    'use-memory': ALL, 'use-memory-file': ALL, 'use-shared-segments': ALL, 'use-memory-file-system': NEVER,
    'use-cpu': ALL, 'use-wall-clock': ALL, 'use-file-size': ALL, 'use-output': ALL, 'use-errors': ALL,
    'use-descriptors': ALL, 'use-processes': ALL, 'raise-limit': NEVER,
    # With more rights: some processes, or a network of two ports.
    'read-absolute/spawn': ALL, 'read-own-symlink/spawn': ALL, 'write-read-root/spawn': ALL, 'write-absolute/spawn': ALL, 'signal-host/spawn': ALL,
    'trace-host/spawn': ALL, 'read-memory-of-host/spawn': ALL, 'connect-v4/spawn': ALL,
    'new-user-namespace/spawn': ALL, 'clone-user-namespace/spawn': ALL, 'add-key/native': ALL,
    'use-memory-file/native': ALL, 'change-personality/native': ALL,
    'connect-v4/network': ALL, 'connect-v6/network': ALL, 'connect-mapped/network': ALL, 'connect-fast/network': ALL,
    'ask-name-server/network': ALL, 'ask-name-server-v6/network': ALL, 'listen-v4/network': ALL,
    'connect-abstract/network': ALL, 'connect-socket-file-in-root/network': ALL, 'send-from-pair/network': ALL,
    'send-message-elsewhere/network': ALL, 'race-address/network': ALL, 'raw-socket/network': ROOT,
    'connect-beside-prefix/network': ALL, 'connect-beside-range/network': ALL, 'send-messages-elsewhere/network': ALL,
    'connect-name/network': ALL, 'set-other-options/network': ALL, 'send-descriptor/network': ALL,
    'netlink-socket/network': ALL, 'take-descriptor-of-host/network': ALL,
}
# What differs from POLICY and from no limits.
SPAWNS = {'use-processes', 'execute-written', 'execute-other', 'execute-by-loader'}


def policy_for(where, name):
    base, _, rights = name.partition('/')
    if rights in ('network', 'names'):
        return networked(where.listeners.settings, rights == 'names')
    return {'spawn': SPAWNING, 'native': NATIVE}.get(rights, SPAWNING if base in SPAWNS else POLICY)


LIMITS = {
    'use-memory': {'address_space': 64 << 20}, 'use-cpu': {'cpu_seconds': 1}, 'use-wall-clock': {'wall_ms': 300},
    'use-file-size': {'file_size': 1 << 20}, 'use-output': {'out_bytes': 1 << 20}, 'use-errors': {'err_bytes': 1 << 20},
    'use-descriptors': {'open_files': 32}, 'use-processes': {'processes': 16}, 'raise-limit': {'open_files': 64},
}
AIMS = {'AMOUNT_MB': '80', 'SLEEP_S': '1'}
NEEDS_SEGMENT = {'share-memory-of-host'}


# A virtual machine is dear: there, attempts share one per set of rights, but for those that end their process.
SHARING = BACKEND == 'vm'
ALONE = {'call-as-32-bit', 'call-as-x32', 'execute-other', 'execute-by-loader', 'execute-written'} | set(LIMITS)
# A second of work each, and nothing in it depends on the user; in a guest the user is always the same.
ONE_USER = {'use-cpu'} | (ALONE if SHARING else set())
# In a guest a connection is made at once, whoever is asked; and signals to everyone "reach" its kernel's own threads.
NOT_IN_GUEST = {'connect-meanwhile/network', 'signal-everyone'} if SHARING else set()
# When the host is killed: whether something has been started by then, and how much later.
KILLED_AT = [(True, random.uniform(0, 1)), (False, random.uniform(0, 1))] if SHARING else [
    (True, delay) for delay in (0.0, 0.01, 0.1)] + [(False, random.uniform(0, 0.06)) for _ in range(4)]


def names(user):
    only = os.environ.get('X07_ONLY')
    return [name for name in ATTEMPTS if (not only or name in only.split(',')) and name not in NOT_IN_GUEST and (
        user != 0 or name not in ONE_USER)]


def bundles(of):
    """Names by job."""
    shared, alone = {}, []
    for name in of:
        base, _, rights = name.partition('/')
        if SHARING and base not in ALONE:
            shared.setdefault(rights or ('spawn' if base in SPAWNS else ''), []).append(name)
        else:
            alone.append([name])
    return list(shared.values()) + alone


def job(where, backend, name, host_pid, limits, more=()):
    """Of one attempt, or of `more` that have the same rights and limits as the first."""
    aims = dict(AIMS, **where.settings(name.replace('/', '-'), host_pid))
    policy = None if backend == 'none' else policy_for(where, name)
    return {'backend': backend, 'world': 'run-os-sandboxed' if policy else 'run-os', 'policy': policy,
            'program': where.base + '/attempt', 'argv': ['attempt'] + [each.partition('/')[0] for each in more or [name]], 'directory': where.work,
            'environment': ['%s=%s' % pair for pair in aims.items()],
            'limits': dict({'wall_ms': 20000, 'out_bytes': 256 << 20, 'err_bytes': 256 << 20}, **limits)}


def reached(answer):
    return answer['status'] == 0 and answer['exit'] == 0 and answer['signal'] == 0 and not (
        answer['timed_out'] or answer['out_capped'] or answer['err_capped'])


def refused(answer):
    """Refused by a boundary that was there: not an attempt that the test got wrong."""
    return answer['status'] == 0 and answer['exit'] != 2 and not reached(answer)


def told(answer, bundle):
    """What a job said of each of its attempts."""
    lines = dict(line.split(': ', 1) for line in answer['out'].splitlines() if ': ' in line)
    return {name: lines.get(name.partition('/')[0], 'nothing') for name in bundle}


def not_refused(answer, bundle):
    """Which of the attempts of a job got out, or were never made."""
    if len(bundle) == 1:
        return [] if refused(answer) else bundle
    wrong = [name for name, how in told(answer, bundle).items() if how in ('REACHED', 'nothing')]
    return wrong if answer['status'] == 0 and answer['exit'] == 1 else wrong + ['exit code']


def not_reached(answer, bundle):
    if len(bundle) == 1:
        return [] if reached(answer) else bundle
    return [name for name, how in told(answer, bundle).items() if how != 'REACHED'] + (
        [] if reached(answer) else ['exit code'])


class Escapes:
    """The attempts of one user."""
    user = None

    def setUp(self):
        if os.geteuid() != 0 and self.user != os.geteuid():
            self.skipTest('only root can become user %d' % self.user)
        self.place = Place(self.user)
        self.addCleanup(self.place.close)

    def test_refused_behind_the_boundary(self):
        mounts = place.mounts()
        pictures = []
        together = bundles(names(self.user))

        def make(pid):
            jobs = [job(self.place, BACKEND, bundle[0], pid, LIMITS.get(bundle[0], {}), bundle) for bundle in together]
            self.place.give_away()
            pictures.append(self.place.picture())
            return jobs

        for bundle, answer in zip(together, self.place.run(make)):
            with self.subTest(attempts=' '.join(bundle)):
                self.assertEqual(not_refused(answer, bundle), [], json.dumps(answer))
        self.assertEqual(self.place.picture(), pictures[0], 'something outside was changed')
        self.assertEqual(self.place.listeners.disturbed(), set())
        self.nothing_left(mounts)

    @unittest.skipIf(SHARING or 'X07_ESCAPE_QUICKLY' in os.environ, 'looks at the attempts, not at the backend')
    def test_reached_without_a_boundary(self):
        mine = [name for name in names(self.user) if ATTEMPTS[name] == ALL or (ATTEMPTS[name] == ROOT and self.user == 0)]
        mine = [name for name in mine if self.place.segment or name not in NEEDS_SEGMENT]
        mine = [name for name in mine if self.place.listeners.has_v6 or not name.startswith('connect-v6')]
        done = set()  # what is made once need not be made with each of a policy's rights
        mine = [name for name in mine if not (name.partition('/')[0] in done or done.add(name.partition('/')[0]))]
        answers = self.place.run(lambda pid: [job(self.place, 'none', name, pid, {}) for name in mine])
        for name, answer in zip(mine, answers):
            with self.subTest(attempt=name):
                self.assertTrue(reached(answer), json.dumps(answer))

    def test_allowed_things_work(self):
        """The boundary is not so narrow that nothing passes."""
        if SHARING and self.user == 0:
            self.skipTest('in a guest the user is always the same')
        granted = ['always', 'outlive/spawn', 'execute-granted/spawn', 'connect-granted/network', 'send-granted/network',
                   'connect-in-prefix/network', 'connect-in-range/network', 'connect-name/names',
                   'send-messages-granted/network', 'send-messages-connected/network', 'connect-meanwhile/network',
                   'start-thread/native']
        if self.place.listeners.has_v6:
            granted.append('connect-granted-v6/network')
        together = bundles([name for name in granted if name not in NOT_IN_GUEST])
        answers = self.place.run(
            lambda pid: [job(self.place, BACKEND, bundle[0], pid, {}, bundle) for bundle in together])
        for bundle, answer in zip(together, answers):
            with self.subTest(attempts=' '.join(bundle)):
                self.assertEqual(not_reached(answer, bundle), [], json.dumps(answer))
        self.assertTrue(self.place.wait_until_empty(5), self.place.processes())

    def test_killed_host_leaves_nothing(self):
        mounts = place.mounts()
        for started, delay in KILLED_AT:
            host = self.place.start_host()
            crowd = dict(job(self.place, BACKEND, 'crowd', host.pid, {}), policy=SPAWNING)
            self.place.give_away()
            host.stdin.write(json.dumps([crowd] * 3))
            host.stdin.close()
            end = time.monotonic() + 10
            while started and len(self.place.processes()) < 2 and host.poll() is None and time.monotonic() < end:
                time.sleep(0.002)
            time.sleep(delay)
            host.kill()
            host.wait()
            host.stdout.close()
            host.stderr.close()
            self.assertTrue(self.place.wait_until_empty(5), self.place.processes())
        self.assertEqual(place.mounts(), mounts)
        self.assertEqual(place.control_groups(), [])

    def nothing_left(self, mounts):
        self.assertTrue(self.place.wait_until_empty(5), self.place.processes())
        self.assertEqual(place.mounts(), mounts)
        self.assertEqual(os.listdir(self.place.scratch), [])
        self.assertEqual(self.place.runs_of_machines(), [])
        self.assertEqual(place.control_groups(), [])


@unittest.skipIf('X07_ESCAPE_QUICKLY' in os.environ, 'an ordinary user is enough')
class AsRoot(Escapes, unittest.TestCase):
    user = 0


class AsOrdinaryUser(Escapes, unittest.TestCase):
    user = NOBODY if os.geteuid() == 0 else os.geteuid()


def skip_reason():
    """Why the backend cannot be tested here, or None. A job of its own says it, so that no second truth is needed."""
    where = Place(os.geteuid())
    try:
        answer = where.run(lambda pid: [job(where, BACKEND, 'always', pid, {})])[0]
    finally:
        where.close()
    return answer['message'] if answer['status'] == 3 else None


if __name__ == '__main__':
    why = skip_reason()
    if why:
        print('the backend %s cannot be had here: %s' % (BACKEND, why))
        sys.exit(77)
    unittest.main(argv=sys.argv[:1])
