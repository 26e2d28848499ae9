Feature: Rules to start from
  Nobody begins with an empty page: a template is a whole rule with a few blanks.

  Background:
    Given Ana carries a phone and allows location
    And the place School with a radius of 100 m
    And the place Home with a radius of 100 m
    And the calendar School holidays with last Tuesday

  Rule: Each template becomes a rule when its blanks are filled in

    Scenario: All of them
      When every template is made into a rule
      Then there are 12 rules

    Scenario: And does what it says
      When the template Top speed is made into a rule
      And Ana's phone sends these positions:
        | when           | where           | speed    |
        | 10 minutes ago | at Home         | 140 km/h |
        | 9 minutes ago  | 900 m from Home | 150 km/h |
      Then 1 alert is raised

  Rule: Each reads as a sentence

    Scenario: All sentences
      Then the templates read as these sentences:
        | template                               | sentence                                                                                                                                      |
        | Arrives at school                      | When anybody enters School for 2 minutes on weekdays 6:00–10:00, raise an alert.                                                              |
        | Leaves school early                    | When anybody is outside School for 10 minutes on weekdays 8:00–15:00 except School holidays, raise an alert (warning), at most once per hour. |
        | Out after dark                         | When anybody is outside Home for 15 minutes every day 21:00–6:00, raise an alert (warning).                                                   |
        | Phone silent for a day                 | When anybody has been silent for 1 day, raise an alert (warning).                                                                             |
        | Battery nearly empty, and not charging | When anybody has less than 15% battery and is not charging, raise an alert, at most once per hour.                                            |
        | Two hours of video                     | When anybody uses video for more than 2 hours a day, raise an alert, and give a warning when 15 minutes are left.                             |
        | Games during school                    | When anybody uses games and is inside School for 5 minutes, raise an alert, at most once per hour.                                            |
        | Top speed                              | When anybody moves faster than 130 km/h for 30 seconds, raise an alert (warning).                                                             |
        | Left the country                       | When anybody leaves School for 10 minutes, raise an alert (warning).                                                                          |
        | Message or call from somebody unknown  | When anybody receives a message or a call from somebody unknown, raise an alert, at most once per 10 minutes.                                 |
        | Words to worry about                   | When anybody comes across “self-harm”, “suicide” in an address or a title or a message, raise an alert (critical).                            |
        | Mobile data used up                    | When anybody sends and receives more than 5 GB over mobile a month, raise an alert.                                                           |
