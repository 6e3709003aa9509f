package io.tenantpool.engine.pgbouncer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tenantpool.model.Secret;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UserListTest {
    @Test
    void quotes_are_doubled_and_nothing_else_is_escaped() {
        assertThat(UserList.write(Map.of("app", new Secret("a\"b\\c'd;e#f%g"))))
                .isEqualTo("\"app\" \"a\"\"b\\c'd;e#f%g\"\n");
    }

    @Test
    void users_keep_their_order() {
        var users = new LinkedHashMap<String, Secret>();
        users.put("z", new Secret("1"));
        users.put("a", new Secret("2"));

        assertThat(UserList.read(UserList.write(users)).keySet()).containsExactly("z", "a");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"", "\"\"", "\" \"", "a\" \"b", "\\", "ä€😀", " ", "\u2028", "\u0085"})
    void what_was_written_is_read_back(String password) {
        var users = Map.of("app", new Secret(password));

        assertThat(UserList.read(UserList.write(users))).isEqualTo(users);
    }

    @Test
    void the_longest_password_is_read_back() {
        var users = Map.of("app", new Secret("\"".repeat(PgBouncerNames.MAX_PASSWORD_BYTES)));

        assertThat(UserList.read(UserList.write(users))).isEqualTo(users);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a\nb", "a\rb", "a\u0000b", "a\u007Fb"})
    void what_would_blank_every_user_after_it_is_never_written(String password) {
        assertThatThrownBy(() -> UserList.write(Map.of("app", new Secret(password))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_line_of_another_form_is_passed_over() {
        assertThat(UserList.read("; comment\n\"app\" \"pw\"\n\"broken\n")).containsOnlyKeys("app");
    }
}
