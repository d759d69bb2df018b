package org.kotangent.bench.driver;

import java.util.List;
import java.util.Map;

/** How a contender's process is started: environment variables and options of the JVM. */
record Setting(String name, Map<String, String> environment, List<String> options) {
  Setting {
    environment = Map.copyOf(environment);
    options = List.copyOf(options);
  }
}
