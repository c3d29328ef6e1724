#include <string_view>

#include "cli/cli.h"
#include "node/sql_child.h"

int main(int argc, char** argv) {
    if (argc == 2 && std::string_view(argv[1]) == "sql-child") return nguon::node::sql_child_main();
    return nguon::cli::run(argc, argv);
}
