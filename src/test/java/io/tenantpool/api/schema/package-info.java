/** Writes and checks the CustomResourceDefinitions; build-time only, so it is test code. */
@NullMarked
package io.tenantpool.api.schema;

import org.jspecify.annotations.NullMarked;
