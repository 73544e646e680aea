"""state.py: what a generator knows at one point of a body: locals, what is moved, what views borrow. It follows the
rules of the move and borrow checker closely enough that most programs compile. Knows nothing of expressions."""
import contextlib

OWNED = {'bytes', 'vec_u8', 'option_bytes', 'result_bytes', 'result_result_bytes'}
VIEWS = {'bytes_view', 'option_bytes_view', 'result_bytes_view'}


class Stuck(Exception):
    """What was tried cannot be completed here; the state is restored and something else is tried."""


class Local:
    def __init__(self, name, type, branch, depth, settable=True):
        self.name, self.type, self.branch, self.depth, self.settable = name, type, branch, depth, settable
        self.moved, self.owner = False, None

    def __repr__(self):
        return '%s:%s%s' % (self.name, self.type, ' moved' if self.moved else '')


class State:
    def __init__(self):
        self.scopes = [{}]
        self.pins = []       # locals that operands evaluated so far need unmoved
        self.branch = 0      # the innermost branch of an if, by number
        self.branches = 0

    def save(self):
        locals = [(local, local.moved, local.owner) for scope in self.scopes for local in scope.values()]
        return [dict(scope) for scope in self.scopes], list(self.pins), self.branch, locals

    def restore(self, saved):
        scopes, pins, self.branch, locals = saved
        self.scopes, self.pins = [dict(scope) for scope in scopes], list(pins)
        for local, local.moved, local.owner in locals:
            pass

    def visible(self):
        seen = {}
        for scope in reversed(self.scopes):
            for name, local in scope.items():
                seen.setdefault(name, local)
        return list(seen.values())

    def usable(self, type):
        return [local for local in self.visible() if local.type == type and not local.moved]

    def borrowed(self, owner):
        return owner in self.pins or any(local.owner is owner for scope in self.scopes for local in scope.values())

    def movable(self, type):
        return [local for local in self.usable(type) if not self.borrowed(local)]

    def declare(self, name, type, owner=None, settable=True):
        local = Local(name, type, self.branch, len(self.scopes), settable)
        local.owner = owner
        self.scopes[-1][name] = local
        return local

    def reachable(self, owner):
        """Whether a view of `owner` may be bound here: it must still be in scope."""
        return owner is None or any(owner is local for scope in self.scopes for local in scope.values())

    @contextlib.contextmanager
    def scope(self):
        self.scopes.append({})
        yield
        self.scopes.pop()

    @contextlib.contextmanager
    def pinned(self):
        """Pins made inside end with it."""
        count = len(self.pins)
        yield
        del self.pins[count:]

    def alternatives(self, *makers):
        """Each maker runs from the same state; what they moved is then moved. A maker returns (value, arrives)."""
        outer, values, ends = self.branch, [], []
        before = self.save()
        for make in makers:
            self.restore(before)
            self.branches += 1
            self.branch = self.branches
            with self.scope():
                value, arrives = make()
            values.append(value)
            if arrives:
                ends.append(self.save()[3])
        self.restore(before)
        self.branch = outer
        for end in ends:
            for local, moved, owner in end:
                local.moved = local.moved or moved if len(ends) > 1 else moved
                local.owner = owner if owner is not None else local.owner
        return values
