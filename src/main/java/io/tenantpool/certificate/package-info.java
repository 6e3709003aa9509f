/**
 * Makes, reads and checks certificates. Pure but for the randomness of keys: the time is given, nothing is stored, and
 * there is no client and no socket.
 */
@NullMarked
package io.tenantpool.certificate;

import org.jspecify.annotations.NullMarked;
