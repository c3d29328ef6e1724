CREATE TABLE `h` (`id` int(10) unsigned NOT NULL AUTO_INCREMENT, `s` enum('a','b') COMMENT 'x',
 PRIMARY KEY (`id`), UNIQUE KEY `u` (`s`,`id`), KEY `i` (`s`)) ENGINE=InnoDB COMMENT='y';
