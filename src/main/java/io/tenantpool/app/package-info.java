/**
 * Quarkus wiring: which parts there are, what each is given, what starts and stops with the process; and which values of
 * the settings are in their ranges.
 *
 * <p>Never here: logic.
 */
@NullMarked
package io.tenantpool.app;

import org.jspecify.annotations.NullMarked;
