<?php
// Makes the vectors of PHP: bcrypt and argon2 of password_hash, and WordPress's computations, which are its
// wp_hash_password of 6.8 with PHP's own functions. Run: php make.php
// If Debian's package wordpress is installed, its phpass makes the hashes of older versions too (6.1.9 was).
$passwords = ["", "password", "correct horse battery staple", "pässwörd", "日本語のパスワード🔑", "with $ : , { } and \\ \" '",
    str_repeat("a", 71), str_repeat("b", 70) . "é", str_repeat("c", 73), str_repeat("long ", 40)];
$out = fopen(__DIR__ . "/php.jsonl", "w");
function line($out, $by, $scheme, $password, $stored) {
    $line = ["by" => $by, "scheme" => $scheme, "password" => $password, "stored" => $stored];
    fwrite($out, json_encode($line, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES) . "\n");
}
foreach ($passwords as $password) {
    $by = "PHP " . PHP_VERSION;
    line($out, $by, "bcrypt", $password, password_hash($password, PASSWORD_BCRYPT, ["cost" => 4]));
    if (defined("PASSWORD_ARGON2ID")) {
        $cost = ["memory_cost" => 1024, "time_cost" => 2, "threads" => 1];
        line($out, $by, "argon2id", $password, password_hash($password, PASSWORD_ARGON2ID, $cost));
    }
    line($out, $by, "sha512-crypt", $password, crypt($password, '$6$rounds=1000$' . bin2hex(random_bytes(8)) . '$'));
    $wp = base64_encode(hash_hmac("sha384", $password, "wp-sha384", true));
    line($out, "$by, WordPress 6.8's computation", "bcrypt-sha2", $password, '$wp' . password_hash($wp, PASSWORD_BCRYPT, ["cost" => 4]));
}
$phpass = (getenv("WORDPRESS") ?: "/usr/share/wordpress") . "/wp-includes/class-phpass.php";
if (!file_exists($phpass)) {
    exit("no WordPress: wordpress.jsonl stays as it is\n");
}
require $phpass;
$hasher = new PasswordHash(8, true);
// As users type them into a form. WordPress puts backslashes into $_POST (wp_magic_quotes, with addslashes), and trims
// (wp_authenticate, wp_hash_password). phpBB trims and escapes (type_cast_helper::set_var).
$typed = [" space around ", "it's", "\"quoted\" \\ & <b>", "\t'both' \n", "cafe\u{301} d'hiver", "a'\"&<>", "tail \0"];
$forms = fopen(__DIR__ . "/php-forms.jsonl", "w");
foreach ($typed as $password) {
    $slashed = trim(addslashes($password));
    line($forms, "WordPress 6.1.9, from a form", "phpass", $password, $hasher->HashPassword($slashed));
    $wp = base64_encode(hash_hmac("sha384", $slashed, "wp-sha384", true));
    line($forms, "PHP " . PHP_VERSION . ", WordPress 6.8's computation, from a form", "bcrypt-sha2", $password,
        '$wp' . password_hash($wp, PASSWORD_BCRYPT, ["cost" => 4]));
    $escaped = htmlspecialchars(trim(str_replace(["\r\n", "\r", "\0"], ["\n", "\n", ""], $password)), ENT_COMPAT, "UTF-8");
    line($forms, "WordPress 6.1.9, \$H\$ and phpBB's escaping", "phpass", $password,
        '$H' . substr($hasher->HashPassword($escaped), 2));
}
$out = fopen(__DIR__ . "/wordpress.jsonl", "w");
foreach ($passwords as $password) {
    line($out, "WordPress 6.1.9", "phpass", $password, $hasher->HashPassword($password));
    // Drupal 7 took over such hashes of Drupal 6's MD5.
    line($out, "WordPress 6.1.9, U and the hash of the MD5", "phpass", $password, "U" . $hasher->HashPassword(md5($password)));
}
