"""pkg_server.py: a package index over HTTP that can go wrong: nginx in front of a folder, and behind it a small server for
what nginx cannot be told to do. Loopback only, one of each per test module.

Each fault is a base URL of its own, http://127.0.0.1:PORT/FAULT: its index is the good one with `dl` pointing back to the
fault, unless the fault is in the index itself."""
import http.server
import json
import os
import socket
import subprocess
import tempfile
import threading
import time

NGINX = '/usr/sbin/nginx'
START_SECONDS = 30

CONFIG = """
daemon off; master_process off; worker_processes 1; pid nginx.pid; error_log stderr error;
events { worker_connections 64; }
http {
    access_log off;
    client_body_temp_path t; proxy_temp_path t; fastcgi_temp_path t; uwsgi_temp_path t; scgi_temp_path t;
    server {
        listen 127.0.0.1:%(port)d;
        default_type application/octet-stream;
        proxy_http_version 1.1;
        proxy_buffering off;

        location ~ ^/(?<fault>[a-z-]+)/index/config.json$ {
            default_type application/json;
            return 200 '{"dl":"http://127.0.0.1:%(port)d/$fault/dl","api":"http://127.0.0.1:%(port)d/$fault/api/"}';
        }
        location ~ ^/noindex/index/.+/ { return 500; }
        location ~ ^/badindex/index/.+/ { return 200 '{"schema_version": "x07.index-ent'; }
        location ~ ^/[a-z-]+/index/(?<rest>.*)$ { alias %(folder)s/index/$rest; }
        location ~ ^/good/dl/(?<rest>.*)$ { alias %(folder)s/dl/$rest; }

        location ~ ^/slow/dl/(?<rest>.*)$ { limit_rate 8k; alias %(folder)s/dl/$rest; }
        location ~ ^/short/dl/ { return 200 'only the beginning'; }
        location ~ ^/missing/dl/ { return 404; }
        location ~ ^/broken/dl/ { return 500; }
        location ~ ^/gone/dl/ { return 444; }
        location ~ ^/moved/dl/(?<rest>.*)$ { return 302 /good/dl/$rest; }
        location ~ ^/circle/dl/ { return 302 $request_uri; }
        location ~ ^/tofile/dl/ { return 302 file://%(folder)s/dl/; }
        location ~ ^/elsewhere/dl/(?<rest>.*)$ { return 302 http://localhost:%(behind)d/plain/$rest; }
        location ~ ^/(cut|half|stalled)/dl/(?<rest>.*)$ { proxy_pass http://127.0.0.1:%(behind)d/$1/$rest; }
        location ~ ^/[a-z-]+/api/ { proxy_pass http://127.0.0.1:%(behind)d; }

        location = /noconfig/index/config.json { return 404; }
        location = /html/index/config.json { return 200 '<html>'; }
        location = /local/index/config.json { return 200 '{"dl":"file://%(folder)s/dl/","api":"http://127.0.0.1/"}'; }
        location = /huge/index/config.json { alias %(folder)s/huge; }
    }
}
"""


class Behind(http.server.BaseHTTPRequestHandler):
    """What nginx cannot do. `server.requests` gets (method, path, headers, body)."""
    protocol_version = 'HTTP/1.1'

    def log_message(self, *arguments):
        pass

    def note(self, body=b''):
        self.server.requests.append((self.command, self.path, dict(self.headers), body))

    def answer(self, data, code=200, declared=None, **headers):
        self.send_response(code)
        self.send_header('Content-Length', str(len(data) if declared is None else declared))
        for name, value in headers.items():
            self.send_header(name.replace('_', '-'), value)
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self):
        self.note()
        fault, _, rest = self.path.lstrip('/').partition('/')
        if '/api/packages/' in self.path:
            self.answer(json.dumps({'versions': [{'version': v} for v in self.server.listed]}).encode())
        elif fault == 'stalled':
            self.server.stalled.set()
            self.server.stop.wait(60)
            self.close_connection = True
        elif fault in ('plain', 'cut', 'half'):
            with open(os.path.join(self.server.folder, 'dl', rest), 'rb') as file:
                data = file.read()
            start = self.headers.get('Range')
            if fault == 'cut' and start:
                first = int(start[len('bytes='):-1])
                self.answer(data[first:], 206, Content_Range='bytes %d-%d/%d' % (first, len(data) - 1, len(data)))
            elif fault == 'plain':
                self.answer(data)
            else:
                self.answer(data[:len(data) // 2], declared=len(data))
                self.close_connection = True

    def do_POST(self):
        body = self.rfile.read(int(self.headers['Content-Length']))
        self.note(body)
        self.answer(self.server.response(body), self.server.status)


class Server:
    """Serves `folder` until close."""

    def __init__(self, folder):
        self.scratch = tempfile.TemporaryDirectory(prefix='x07-nginx-')
        self.behind = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Behind)
        self.behind.daemon_threads = True
        self.behind.stop, self.behind.stalled = threading.Event(), threading.Event()
        self.behind.folder, self.behind.status, self.behind.listed = folder, 200, []
        self.behind.response = lambda body: b'{}'
        self.behind.requests = self.requests = []
        threading.Thread(target=self.behind.serve_forever, daemon=True).start()
        for _ in range(10):
            if self.start(folder):
                return
        raise RuntimeError('nginx does not start: ' + self.log())

    def start(self, folder):
        """A port that is free now may be taken when nginx comes: then another is tried."""
        with socket.socket() as free:
            free.bind(('127.0.0.1', 0))
            self.port = free.getsockname()[1]
        config = os.path.join(self.scratch.name, 'nginx.conf')
        with open(config, 'w', encoding='utf-8') as out:
            out.write(CONFIG % {'port': self.port, 'behind': self.behind.server_address[1], 'folder': folder})
        with open(os.path.join(self.scratch.name, 'log'), 'wb') as log:
            self.nginx = subprocess.Popen([NGINX, '-p', self.scratch.name, '-c', config], stderr=log, stdout=log)
        end = time.monotonic() + START_SECONDS
        while self.nginx.poll() is None and time.monotonic() < end:
            with socket.socket() as probe:
                if probe.connect_ex(('127.0.0.1', self.port)) == 0:
                    return True
            time.sleep(0.02)
        return False

    def log(self):
        with open(os.path.join(self.scratch.name, 'log'), encoding='utf-8', errors='replace') as file:
            return file.read()

    def base(self, fault='good'):
        return 'http://127.0.0.1:%d/%s' % (self.port, fault)

    def index(self, fault='good'):
        return 'sparse+%s/index/' % self.base(fault)

    def close(self):
        self.behind.stop.set()
        self.nginx.terminate()
        self.nginx.wait()
        self.behind.shutdown()
        self.behind.server_close()
        self.scratch.cleanup()
