package io.tenantpool.engine.pgbouncer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IniTest {
    @Test
    void sections_keys_and_includes_are_a_line_each() {
        var ini = new Ini().section("databases").set("a", "b c").set("n", 7).include("settings.ini");

        assertThat(ini.toString()).isEqualTo("[databases]\na = b c\nn = 7\n%include settings.ini\n");
    }

    @Test
    void a_quote_in_a_value_is_doubled_and_nothing_else_is_special() {
        assertThat(Ini.quoted("dbname", "it's \\ \"x\" ;#%=")).isEqualTo("dbname='it''s \\ \"x\" ;#%='");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\nb", "a\rb", "a\tb", "\u0000", "\u007F"})
    void a_control_character_is_never_written(String value) {
        assertThatThrownBy(() -> new Ini().set("a", value)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Ini().include(value)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Ini.quoted("a", value)).isInstanceOf(IllegalArgumentException.class);
    }
}
