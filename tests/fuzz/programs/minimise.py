"""minimise.py: makes a failing document smaller while it still fails. Knows nothing of what failed."""
import copy
import time


def lists(tree):
    """Every list of an expression, outermost first, with the place that holds it."""
    pending = [(tree, None, None)]
    while pending:
        node, holder, index = pending.pop(0)
        if isinstance(node, list):
            yield node, holder, index
            pending += [(child, node, i) for i, child in enumerate(node)]


def smaller(document):
    """Documents that lack one declaration, statement or branch."""
    for i in range(len(document['decls'])):
        candidate = copy.deepcopy(document)
        del candidate['decls'][i]
        yield candidate
    count = sum(1 for _ in places(document))
    for position in range(count):
        for edit in (drop_statements, drop_first, drop_middle, drop_last, keep_then, keep_other):
            candidate = copy.deepcopy(document)
            node = list(places(candidate))[position]
            if edit(node):
                yield candidate


def places(document):
    for decl in document['decls']:
        yield from (node for node, _, _ in lists(decl['body']))
    yield from (node for node, _, _ in lists(document['solve']))


def drop_statements(node):
    if node[0] == 'begin' and len(node) > 3:
        del node[1:-1]
        return True


def drop_at(node, index):
    if node[0] == 'begin' and len(node) > 2:
        del node[index]
        return True


def drop_first(node):
    return drop_at(node, 1)


def drop_middle(node):
    return len(node) > 4 and drop_at(node, len(node) // 2)


def drop_last(node):
    return drop_at(node, len(node) - 2)


def keep(node, index):
    if node[0] == 'if':
        node[:] = ['begin', node[index]]
        return True


def keep_then(node):
    return keep(node, 2)


def keep_other(node):
    return keep(node, 3)


def minimise(document, fails, seconds=60):
    deadline, found = time.monotonic() + seconds, True
    while found:
        found = False
        for candidate in smaller(document):
            if time.monotonic() > deadline:
                return document
            if fails(candidate):
                document, found = candidate, True
                break
    return document
