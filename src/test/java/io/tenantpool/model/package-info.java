/** Tests of the room of the same name. */
@NullMarked
package io.tenantpool.model;

import org.jspecify.annotations.NullMarked;
