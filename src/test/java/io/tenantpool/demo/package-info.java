/** The first five minutes: {@code ./demo} runs the whole thing on one machine and says what happens. */
@NullMarked
package io.tenantpool.demo;

import org.jspecify.annotations.NullMarked;
