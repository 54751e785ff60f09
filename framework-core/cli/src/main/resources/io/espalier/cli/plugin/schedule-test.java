package {package};

import io.espalier.spi.schedule.PruningSchedule;
import io.espalier.testkit.contract.ScheduleContract;
import java.util.Map;

class {class}Test extends ScheduleContract {

    @Override
    protected PruningSchedule schedule() {
        return new {class}();
    }

    @Override
    protected Map<String, String> typedOptions() {
        return Map.of("first", "0.1");
    }
}
