// What durable code takes from the machine it runs on, so that a simulator can give it another one.
#pragma once

#include "base/disk.h"
#include "base/time.h"

namespace nguon {

struct Host {
    Disk& disk;
    Clock& clock;
    Random& random;
};

}  // namespace nguon
