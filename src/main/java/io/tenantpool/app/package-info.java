/** Quarkus wiring. */
@NullMarked
package io.tenantpool.app;

import org.jspecify.annotations.NullMarked;
