/* contracts.h: when the clauses of a contract are checked. */
#ifndef SEMA_CONTRACTS_H
#define SEMA_CONTRACTS_H

#include "ast/ast.h"

enum contract_phase { CONTRACT_ENTRY, CONTRACT_EXIT, CONTRACT_PHASES };

enum { CONTRACT_STEPS = 2 };

/* The kinds of clauses of a phase, in the order of checking. */
static const struct contract_step {
    enum ast_contract kind;
    const char *name; /* in the payload of a violation */
} contract_steps[CONTRACT_PHASES][CONTRACT_STEPS] = {
    [CONTRACT_ENTRY] = {{AST_REQUIRES, "requires"}, {AST_INVARIANT, "invariant_entry"}},
    [CONTRACT_EXIT] = {{AST_ENSURES, "ensures"}, {AST_INVARIANT, "invariant_exit"}},
};

#endif
