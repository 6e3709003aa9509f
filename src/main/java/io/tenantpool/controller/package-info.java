/** The two reconcilers, their event sources and the applier. */
@NullMarked
package io.tenantpool.controller;

import org.jspecify.annotations.NullMarked;
