/** Every name, label, annotation and port. */
@NullMarked
package io.tenantpool.naming;

import org.jspecify.annotations.NullMarked;
