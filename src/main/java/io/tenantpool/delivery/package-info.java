/**
 * Makes pooler pods serve what is wanted and proves it: kick, RELOAD, read back, log in. The only sockets to poolers, and
 * the only changes of pods. All of its state belongs to one thread, {@code DeliveryLoop}, which never waits
 * (docs/adr/0007-one-delivery-loop.md).
 *
 * <p>Never here: rendering, conditions, or a decision on who is served.
 */
@NullMarked
package io.tenantpool.delivery;

import org.jspecify.annotations.NullMarked;
