"""network_checks.py: servers of every temper, and a program behind a sandbox backend that talks to them all
(network_client.c). Used by the tests of each backend that can grant a network."""
import os
import socket
import threading

CHECKS = ('much', 'half-close', 'abrupt', 'nobody', 'datagrams-v4', 'datagrams-v6', 'range', 'names', 'other-port',
          'other-address', 'other-network', 'ports', 'last-words')
CLIENT = os.environ['X07_NETWORK_CLIENT']


def echo(made):
    with made:
        while data := made.recv(65536):
            made.sendall(data)


def close_at_once(made):
    made.close()


class Servers:
    def __init__(self):
        self.kept, self.counts, self.heard = [], [], threading.Event()
        self.ports = {name: self.stream(host, serve) for name, host, serve in (
            ('ECHO4', '127.0.0.1', echo), ('ECHO6', '::1', echo), ('DEAF', '127.0.0.1', self.kept.append),
            ('ABRUPT', '127.0.0.1', close_at_once), ('COUNTING', '127.0.0.1', self.count), ('RANGE', '127.77.1.2', echo),
            ('CLOSED', '127.0.0.1', echo))}
        self.ports.update(UDP4=self.datagrams('127.0.0.1'), UDP6=self.datagrams('::1'))
        unused = socket.create_server(('127.0.0.1', 0))
        self.ports['NOBODY'] = unused.getsockname()[1]
        unused.close()

    def stream(self, host, serve):
        family = socket.AF_INET6 if ':' in host else socket.AF_INET
        made = socket.create_server((host, 0), family=family, backlog=16)
        self.kept.append(made)

        def accept():
            while True:
                try:
                    client = made.accept()[0]
                except OSError:
                    return
                threading.Thread(target=self.quietly, args=(serve, client), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        return made.getsockname()[1]

    def datagrams(self, host):
        made = socket.socket(socket.AF_INET6 if ':' in host else socket.AF_INET, socket.SOCK_DGRAM)
        made.bind((host, 0))
        self.kept.append(made)

        def answer():
            while True:
                try:
                    data, sender = made.recvfrom(65536)
                except OSError:
                    return
                made.sendto(data, sender)

        threading.Thread(target=answer, daemon=True).start()
        return made.getsockname()[1]

    @staticmethod
    def quietly(serve, client):
        try:
            serve(client)
        except OSError:
            pass

    def count(self, client):
        """Says how many bytes came, when no more do."""
        total = 0
        with client:
            while data := client.recv(65536):
                total += len(data)
            self.counts.append(total)
            if len(self.counts) == 2:
                self.heard.set()
            client.sendall(b'%d' % total)

    def net(self):
        """What a policy grants."""
        v4 = [self.ports[name] for name in ('ECHO4', 'DEAF', 'ABRUPT', 'COUNTING', 'NOBODY', 'UDP4')]
        v6 = [self.ports[name] for name in ('ECHO6', 'UDP6')]
        return {'enabled': True, 'allow_dns': True, 'allow_tcp': True, 'allow_udp': True, 'allow_hosts': [
            {'host': '127.0.0.1', 'ports': v4}, {'host': '::1', 'ports': v6},
            {'host': '127.77.0.0/16', 'ports': [self.ports['RANGE']]},
            {'host': 'localhost', 'ports': [self.ports['ECHO4']]}]}

    def job(self, backend, policy, directory):
        policy = dict(policy, net=self.net(), language={'allow_unsafe': True, 'allow_ffi': True})
        return {'backend': backend, 'world': 'run-os-sandboxed', 'policy': policy, 'program': CLIENT,
                'argv': ['network_client'], 'directory': directory, 'limits': {'wall_ms': 60000},
                'environment': ['%s=%d' % pair for pair in self.ports.items()]}

    def close(self):
        for made in self.kept:
            made.close()


def check(test, servers, answer):
    """Asserts that all went well for the program of servers.job()."""
    test.assertEqual((answer['status'], answer['exit'], answer['signal']), (0, 0, 0), answer)
    test.assertEqual(answer['out'].splitlines(), [name + ': ok' for name in CHECKS], answer)
    test.assertTrue(servers.heard.wait(10), servers.counts)
    test.assertEqual(servers.counts, [5, 300000])
