/* How large a layer may be where a profile's images run. */
#ifndef RULE_LAYER_LIMIT_H
#define RULE_LAYER_LIMIT_H

#include "rule/profile.h"

/*
 * Bytes; 0: no rule limits it. By the rules of predicate "layer-size", as it is
 * they that would find the layer too large: a parameter may be called anything.
 */
uint64_t layer_limit(const struct profile *profile);

#endif
