/** What differs between poolers, behind one interface. */
@NullMarked
package io.tenantpool.engine;

import org.jspecify.annotations.NullMarked;
