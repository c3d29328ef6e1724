// What a command sees of the world, passed in so that a test can be the world.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "cli/demo.h"
#include "http/client.h"
#include "node/doctor.h"
#include "node/node.h"

namespace nguon::cli {

enum class Purpose {
    kCommands,  // the node of the data directory, or the directory itself under its lock
    kReading,   // the same; the directory is only read, without its keys
    kNoNode,    // routes that need no data directory
};

struct Opened {
    std::unique_ptr<http::Target> target;
    std::filesystem::path spool_folder;  // for what is read from standard input
};

struct Environment {
    std::function<std::string(const char* name)> variable;  // empty when it is not set
    // Write all of it now. False: it could not be written.
    std::function<bool(std::string_view)> out, err;
    std::function<Result<Opened>(const std::filesystem::path& data, Purpose)> open;
    std::function<Result<node::Identity>(const node::InitOptions&)> init;
    std::function<Result<void>(const node::ServeOptions&,
                               const std::function<void(const std::string&)>& ready)>
        serve;
    std::function<std::vector<node::Finding>(const node::DoctorOptions&)> doctor;
    std::function<int(const DemoOptions&)> demo;
    // Runs a program with one argument and waits for its end; false: it did not run, or failed.
    std::function<bool(const std::string& program, const std::string& argument)> start;
    int in = 0;  // the descriptor that `-` reads
    bool in_is_terminal = false;
    std::function<std::string()> read_line;  // of a person; empty at the end of what they type
    bool out_is_terminal = false;
    bool err_is_terminal = false;
    int columns = 0;  // of the terminal; 0 = unknown
};

Environment real_environment();

}  // namespace nguon::cli
