/** Tests of the room of the same name. */
@NullMarked
package io.tenantpool.controller;

import org.jspecify.annotations.NullMarked;
