// The made-up country of the demo: its files, made by the generator, and the node that serves it.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <map>
#include <set>
#include <string>

#include "base/json.h"
#include "base/result.h"

namespace nguon::cli {

struct DemoFiles {
    std::filesystem::path citizens, truth, corrections;
    json::object planted;  // the generator's own summary
};

// Where things are, told by the program's own place: build/nguon, build/demo, packs.
struct DemoPlaces {
    std::filesystem::path program, generator, packs, folder;
    static DemoPlaces find();
    std::filesystem::path node() const { return folder / "ndc"; }
};

// Makes the files, or takes those of an earlier call. Errors: unavailable, internal.
Result<DemoFiles> make_demo_files(const DemoPlaces& places, std::int64_t rows);

// Data records that were planted with a fault that must be found, and those with missing tones.
struct Truth {
    std::set<std::int64_t> faults, tones;
};
Result<Truth> read_truth(const std::filesystem::path& file);

// A node in a process of its own, stopped with the object.
class ServedNode {
public:
    // Errors: unavailable for a busy port, as the node says.
    Result<void> start(const DemoPlaces& places, int port_base);
    ~ServedNode();
    void stop();
    const std::string& public_address() const { return m_public; }
    const std::string& internal_address() const { return m_internal; }

private:
    pid_t m_pid = -1;
    std::string m_public, m_internal;
};

}  // namespace nguon::cli
