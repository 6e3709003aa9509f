/**
 * Every name of a Kubernetes object, and every label and annotation that is written or read.
 *
 * <p>Never here: logic, or names inside a pooler's files, which its engine has.
 */
@NullMarked
package io.tenantpool.naming;

import org.jspecify.annotations.NullMarked;
