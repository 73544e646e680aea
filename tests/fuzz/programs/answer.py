"""answer.py: runs one of the programs in an executable that build.join made, and says how it ended. Knows nothing of
what a program should answer."""
import json
import os
import struct
import subprocess

TIMEOUT = 60
ENVIRONMENT = {**os.environ, 'ASAN_OPTIONS': 'detect_leaks=0:handle_sigill=0:exitcode=97'}


class Answer:
    """How one run ended."""

    def __init__(self, done):
        self.status, self.output, self.errors = done.returncode, done.stdout, done.stderr.decode('utf-8', 'replace')
        self.stats = None
        if self.status >= 0 and self.errors.rstrip().endswith('}'):
            self.stats = json.loads(self.errors.strip().splitlines()[-1])

    def whole(self):
        return self.status, self.output, self.errors

    def meaning(self):
        """Without fuel and memory."""
        return self.status, self.output, None if self.stats else self.errors

    def out_of_fuel(self):
        return self.status < 0 and self.errors == 'fuel exhausted\n'

    def show(self):
        return '%s %r %s' % (self.status, self.output[:60], self.errors.strip()[:400])


def run(executable, number, fuel, data):
    """The answer, or None when there is none in time."""
    try:
        return Answer(subprocess.run([executable, str(number), str(fuel)], input=struct.pack('<I', len(data)) + data,
                                     capture_output=True, timeout=TIMEOUT, env=ENVIRONMENT))
    except subprocess.TimeoutExpired:
        return None
