package io.espalier.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.spi.allocator.ScoredGroup;
import io.espalier.spi.allocator.SparsityAllocator;
import io.espalier.spi.allocator.SparsityAllocator.RankingPool;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a {@link SparsityAllocator} owes the engine: a reproducible partition of the groups. */
public abstract class AllocatorContract extends ProviderContract<SparsityAllocator> {

    protected AllocatorContract() {
        super(SparsityAllocator.class);
    }

    /** A new instance of the allocator under test. */
    protected abstract SparsityAllocator allocator();

    @Override
    protected final SparsityAllocator provider() {
        return allocator();
    }

    @Test
    void noGroupsMakeNoContest() {
        assertThat(allocator().pools(List.of())).isEmpty();
    }

    @Test
    void everyGroupIsInExactlyOneContest() {
        for (int seed = 0; seed < 50; seed++) {
            List<ScoredGroup> groups = randomGroups(seed);
            List<RankingPool> pools = allocator().pools(groups);
            assertThat(pools)
                    .as("seed %d", seed)
                    .allSatisfy(pool -> assertThat(pool.groups()).isNotEmpty());
            assertThat(pools.stream().flatMap(pool -> pool.groups().stream()))
                    .as("seed %d", seed)
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.range(0, groups.size()).boxed().toList());
        }
    }

    @Test
    void contestsAreReproducibleAndScoresUntouched() {
        for (int seed = 0; seed < 50; seed++) {
            List<ScoredGroup> groups = randomGroups(seed);
            List<RankingPool> pools = allocator().pools(groups);
            assertThat(allocator().pools(randomGroups(seed)))
                    .as("seed %d", seed)
                    .isEqualTo(pools);
            List<ScoredGroup> fresh = randomGroups(seed);
            for (int i = 0; i < groups.size(); i++) {
                assertThat(groups.get(i).scores())
                        .as("seed %d", seed)
                        .isEqualTo(fresh.get(i).scores());
            }
        }
    }

    private static List<ScoredGroup> randomGroups(int seed) {
        Random random = new Random(seed);
        List<ScoredGroup> groups = new ArrayList<>();
        int count = 1 + random.nextInt(12);
        for (int i = 0; i < count; i++) {
            double[] scores = random.doubles(1 + random.nextInt(8)).toArray();
            groups.add(new ScoredGroup("layer" + i, "structure" + random.nextInt(4), scores));
        }
        return groups;
    }
}
