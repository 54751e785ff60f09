package io.espalier.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.spi.option.OptionSpec;
import io.espalier.spi.option.Options;
import io.espalier.spi.provider.Provider;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What every extension owes: a usable name, options that describe themselves, a services file, and no state.
 *
 * @param <P> the extension point
 */
public abstract class ProviderContract<P extends Provider> {

    private static final String KEBAB_CASE = "[a-z][a-z0-9]*(-[a-z0-9]+)*";

    private final Class<P> point;

    /**
     * Names the extension point.
     *
     * @param point the SPI interface whose services file lists the extension
     */
    protected ProviderContract(Class<P> point) {
        this.point = point;
    }

    /** A new instance of the extension under test. */
    protected abstract P provider();

    /** Option values to test with; defaults where nothing is named. */
    protected Map<String, String> typedOptions() {
        return Map.of();
    }

    /** The option values of {@link #typedOptions()}, checked. */
    protected final Options options() {
        P provider = provider();
        return Options.resolve("'" + provider.name() + "'", provider.options(), typedOptions());
    }

    @Test
    void nameIsKebabCase() {
        assertThat(provider().name()).matches(KEBAB_CASE).hasSizeLessThanOrEqualTo(64);
    }

    @Test
    void descriptionIsOneSentenceOnOneLine() {
        assertThat(provider().description()).isNotBlank().hasLineCount(1).endsWith(".");
    }

    @Test
    void optionsDescribeThemselves() {
        List<OptionSpec> options = provider().options();
        assertThat(options).extracting(OptionSpec::name).doesNotHaveDuplicates().allMatch(n -> n.matches(KEBAB_CASE));
        assertThat(options)
                .extracting(OptionSpec::help)
                .allSatisfy(help -> assertThat(help).isNotBlank().hasLineCount(1));
    }

    @Test
    void defaultsOfOptionsAreValid() {
        List<OptionSpec> specs = provider().options();
        assertThat(Options.resolve("defaults", specs, Map.of()).asMap())
                .containsOnlyKeys(specs.stream().map(OptionSpec::name).toList());
    }

    @Test
    void isListedInItsServicesFile() {
        Stream<Class<?>> listed = ServiceLoader.load(
                        point, provider().getClass().getClassLoader())
                .stream()
                .map(ServiceLoader.Provider::type);
        assertThat(listed)
                .as("classes listed in META-INF/services/%s", point.getName())
                .contains(provider().getClass());
    }

    @Test
    void keepsNoState() {
        for (Class<?> type = provider().getClass(); type != Object.class; type = type.getSuperclass()) {
            assertThat(type.getDeclaredFields())
                    .as("fields of %s", type.getName())
                    .filteredOn(field -> !field.isSynthetic())
                    .allMatch(field -> Modifier.isFinal(field.getModifiers()), "final")
                    .extracting(Field::getType)
                    .allMatch(field -> !field.isArray(), "no array");
        }
    }
}
