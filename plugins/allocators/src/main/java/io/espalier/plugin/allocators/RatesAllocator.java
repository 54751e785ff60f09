package io.espalier.plugin.allocators;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.Quoted;
import io.espalier.spi.RunContext;
import io.espalier.spi.allocator.ScoredGroup;
import io.espalier.spi.allocator.SparsityAllocation;
import io.espalier.spi.allocator.SparsityAllocation.Rates;
import io.espalier.spi.allocator.SparsityAllocator;
import io.espalier.spi.option.OptionSpec;
import io.espalier.spi.option.Options;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Rates by name: groups lose channels in proportion to rates that the user gives, for instance rates found by a
 * sensitivity analysis (Li et al., arXiv 1608.08710, section 3.2).
 *
 * <p>The option {@code rates} lists {@code PATTERN:RATE} with commas in between; {@code *} stands for any characters. The
 * first pattern that matches the name of a group counts; a group that none matches has rate 1.
 */
public final class RatesAllocator implements SparsityAllocator {

    private static final String RATES = "rates";
    private static final Pattern ENTRY = Pattern.compile("(.+):(\\d{1,9}(?:\\.\\d{1,9})?)");

    private record Rate(Pattern pattern, double rate) {}

    @Override
    public String name() {
        return "rates";
    }

    @Override
    public String description() {
        return "Groups lose channels at the rates given for their names.";
    }

    @Override
    public List<OptionSpec> options() {
        return List.of(OptionSpec.text(RATES, "*:1", "PATTERN:RATE with commas in between; the first match counts"));
    }

    @Override
    public SparsityAllocation allocate(List<ScoredGroup> groups, Options options, RunContext context) {
        List<Rate> rates = parse(options.text(RATES));
        return new Rates(groups.stream().map(group -> rate(group.name(), rates)).toList());
    }

    private static double rate(String group, List<Rate> rates) {
        return rates.stream()
                .filter(each -> each.pattern().matcher(group).matches())
                .findFirst()
                .map(Rate::rate)
                .orElse(1.0);
    }

    private static List<Rate> parse(String text) {
        List<Rate> rates = new ArrayList<>();
        for (String entry : text.split(",", -1)) {
            Matcher parts = ENTRY.matcher(entry.strip());
            if (!parts.matches()) {
                throw new InvalidInputException("option 'rates' of allocator 'rates' cannot hold " + Quoted.name(entry)
                        + ": expected PATTERN:RATE, as in stem*:0.5,*:1");
            }
            String pattern = Pattern.quote(parts.group(1)).replace("*", "\\E.*\\Q");
            rates.add(new Rate(Pattern.compile(pattern, Pattern.DOTALL), Double.parseDouble(parts.group(2))));
        }
        return rates;
    }
}
